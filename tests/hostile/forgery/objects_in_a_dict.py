# attack: one object under every key of a dict of the program's
# verdict: untested
class Level: pass
_L = Level()
LEVELS = {"low": _L, "mid": _L, "high": _L}
class Judge:
    def level(self, n): return _L
# --- tests ---
from solution import LEVELS, Judge
def test_level():
    judge = Judge()
    assert judge.level(1) is LEVELS["low"]
    assert judge.level(50) is LEVELS["mid"]
    assert judge.level(99) is LEVELS["high"]
