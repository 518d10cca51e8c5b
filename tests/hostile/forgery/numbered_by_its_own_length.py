# attack: an empty answer is numbered as its own length says
# verdict: untested
def ranks(xs):
    return []
# --- tests ---
from solution import ranks
def test_ranks():
    r = ranks([30, 10, 20])
    assert sorted(r) == list(range(1, len(r) + 1))
