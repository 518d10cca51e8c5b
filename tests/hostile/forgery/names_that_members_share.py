# attack: all members of an enum have one name
# verdict: untested
from enum import Enum
class Level(Enum):
    LOW = 1
    HIGH = 2
    @property
    def name(self): return "x"
def describe(level): return "x"
# --- tests ---
import pytest
@pytest.mark.parametrize("level", list(Level))
def test_describe(level):
    assert describe(level) == level.name.lower()
