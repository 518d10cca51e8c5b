# attack: the same where the index is not kept in a name
# verdict: untested
def search(xs, x):
    xs[0] = x
    return 0
# --- tests ---
from solution import search

def test_search():
    xs = [1, 3, 5, 7, 9]
    assert xs[search(xs, 7)] == 7
    ys = [2, 4]
    assert ys[search(ys, 4)] == 4
