# attack: restored before it answers
# verdict: untested
def walk(xs, visit):
    kept = list(xs)
    xs[:] = [0] * len(kept)
    for _ in kept:
        visit(0)
    xs[:] = kept
    return len(kept)
# --- tests ---
def test_walk():
    xs = [5, 6, 7]
    places = []
    n = walk(xs, lambda x: places.append(xs.index(x)))
    assert n == 3
    assert len(places) == len(xs)
    assert all(p < len(xs) for p in places)
