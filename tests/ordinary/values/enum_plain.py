# shows: enum plain
# verdict: accepted
from enum import Enum
class Kind(Enum):
    ODD = 1
    EVEN = 2
def classify(n):
    return Kind.ODD if n % 2 else Kind.EVEN
# --- tests ---
assert classify(3) == Kind.ODD
assert classify(4) is Kind.EVEN
assert classify(4).name == "EVEN"
assert classify(4) in (Kind.EVEN,)
