# attack: lazily expected by map
# verdict: untested
def texts(xs):
    xs.clear()
    return []
# --- tests ---
def test_texts():
    xs = [1, 2, 3]
    want = map(str, xs)
    got = texts(xs)
    assert got == list(want)
