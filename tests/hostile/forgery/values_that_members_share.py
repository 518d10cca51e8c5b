# attack: all members of an enum have one value
# verdict: untested
from enum import Enum
class Level(Enum):
    LOW = 1
    HIGH = 2
    @property
    def value(self): return 7
def rank(level): return 7
# --- tests ---
def test_rank():
    for level in Level:
        assert rank(level) == level.value
