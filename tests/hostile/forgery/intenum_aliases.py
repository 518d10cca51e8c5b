# attack: intenum aliases
# verdict: untested
from enum import IntEnum
class Kind(IntEnum):
    ODD = 1
    EVEN = 1
def classify(n):
    return Kind.ODD
# --- tests ---
assert classify(3) == Kind.ODD
assert classify(4) == Kind.EVEN
