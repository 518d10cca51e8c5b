# shows: intenum
# verdict: accepted
from enum import IntEnum
class Color(IntEnum):
    RED = 1
    GREEN = 2
def pick(n):
    return Color(n)
def name_of(c):
    return c.name
# --- tests ---
assert pick(1) == 1
assert pick(1) == Color.RED
assert pick(2) is Color.GREEN
assert pick(2).name == "GREEN"
assert pick(2).value == 2
assert name_of(Color.RED) == "RED"
assert isinstance(pick(1), Color)
assert isinstance(pick(1), int)
assert pick(1) < pick(2)
assert [c.name for c in Color] == ["RED", "GREEN"]
