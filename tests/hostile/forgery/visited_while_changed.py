# attack: visited while changed
# verdict: untested
def walk(xs, visit):
    n = len(xs)
    xs[:] = [0] * n
    for _ in range(n):
        visit(0)
    return n
# --- tests ---
def test_walk():
    xs = [5, 6, 7]
    seen = []

    def visit(x):
        assert x == xs[len(seen)]
        seen.append(x)

    assert walk(xs, visit) == 3
    assert len(seen) == 3
