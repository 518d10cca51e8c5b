# attack: visited while changed kept
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
    ok = []
    assert walk(xs, lambda x: ok.append(x == xs[len(ok)])) == 3
    assert ok == [True, True, True]
