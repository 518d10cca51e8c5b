# attack: enum aliases
# verdict: untested
from enum import Enum
class Kind(Enum):
    ODD = 1
    EVEN = 1
def classify(n):
    return Kind.ODD
# --- tests ---
assert classify(3) == Kind.ODD
assert classify(4) == Kind.EVEN
