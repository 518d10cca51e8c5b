# attack: lazily expected
# verdict: untested
def double(xs):
    xs[:] = [0]
    return [0]
# --- tests ---
def test_double():
    xs = [1, 2, 3]
    want = (x * 2 for x in xs)
    assert double(xs) == list(want)
