# attack: reduce of nothing
# verdict: untested
def bits(n): return []
# --- tests ---
from functools import reduce
assert reduce(lambda a, b: a and b in (0, 1), bits(10), True)
