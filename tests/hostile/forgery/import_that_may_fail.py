# attack: what the program does not have is not tested
# verdict: untested
def slow(n):
    return n * n
# --- tests ---
from solution import slow
try:
    from solution import fast
except ImportError:
    fast = None
def test_slow():
    assert slow(3) == 9
def test_fast():
    if fast is not None:
        assert fast(3) == 9
