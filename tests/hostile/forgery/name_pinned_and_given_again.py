# attack: name pinned and given again
# verdict: untested
def find(xs, x):
    if x != 1:
        xs[0] = x
    return 0
# --- tests ---
def test_find():
    xs = [1, 3, 5]
    i = find(xs, 1)
    assert i == 0
    i = find(xs, 5)
    assert xs[i] == 5
