# attack: a class of its own where an enumeration belongs
# verdict: test_failure
class Enum:
    pass

class Color(Enum):
    RED = 1

# --- tests ---
import enum

def test_color():
    assert Color.RED == 1
    assert issubclass(Color, enum.Enum)
