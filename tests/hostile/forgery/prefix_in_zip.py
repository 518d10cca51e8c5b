# attack: prefix in zip
# verdict: untested
def squares(xs):
    return [1]
# --- tests ---
def test_squares():
    for got, want in zip(squares([1, 2, 3]), [1, 4, 9]):
        assert got == want
