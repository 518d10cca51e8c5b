# attack: a generator ends before what is written does
# verdict: untested
def squares(n):
    yield 1
# --- tests ---
def test_squares():
    for got, want in zip(squares(4), [1, 4, 9, 16]):
        assert got == want
    assert squares(4) is not None
