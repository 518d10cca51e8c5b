# attack: the same, by a walrus
# verdict: untested
def find(xs, x):
    return None
# --- tests ---
from solution import find
def test_find():
    if (r := find([5, 6, 7], 7)) is not None:
        assert r == 2
    assert find([1, 2], 9) is None
