# attack: class attributes of two types
# verdict: untested
class Level:
    LOW = 1
    HIGH = 1.0
def level(x): return 1
# --- tests ---
from solution import Level, level

def test_level():
    cases = [(1, Level.LOW), (99, Level.HIGH)]
    for x, want in cases:
        assert level(x) == want
