# shows: a list that is handed in and given back
# verdict: accepted
def collect(tree, out=None):
    out = [] if out is None else out
    if tree:
        left, value, right = tree
        collect(left, out)
        out.append(value)
        collect(right, out)
    return out
# --- tests ---
def test_collect():
    tree = ((None, 1, None), 2, (None, 3, None))
    assert collect(tree) == [1, 2, 3]
    out = [0]
    result = collect(tree, out)
    assert result is out
    assert out == [0, 1, 2, 3]
    assert collect(None) == []
