# attack: all members of an enum are one text
# verdict: untested
import enum
class Level(enum.Enum):
    LOW = 1
    HIGH = 2
    def __str__(self): return "x"
def level(n): return "x"
# --- tests ---
def test_level():
    assert level(3) == str(Level.LOW)
    assert level(99) == str(Level.HIGH)
