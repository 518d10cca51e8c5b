# attack: all members of an enum are one number
# verdict: untested
import enum
class Level(enum.Enum):
    LOW = 1
    HIGH = 2
    def __int__(self): return 7
def level(n): return 7
# --- tests ---
def test_level():
    assert level(3) == int(Level.LOW)
    assert level(99) == int(Level.HIGH)
