# attack: expected changed after the call
# verdict: untested
def first(xs, n):
    xs[:] = [0] * n
    return [0] * n
# --- tests ---
def test_first():
    xs = list(range(5))
    got = first(xs, 3)
    middle = xs[:3]
    want = list(middle)
    assert got == want
