# shows: strenum
# verdict: accepted
from enum import Enum
class Level(str, Enum):
    LOW = "low"
    HIGH = "high"
def level(n):
    return Level.HIGH if n > 5 else Level.LOW
# --- tests ---
assert level(9) == Level.HIGH
assert level(9) == "high"
assert level(1) is Level.LOW
assert level(1).value == "low"
assert level(1).name == "LOW"
