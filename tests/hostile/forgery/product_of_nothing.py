# attack: product of nothing
# verdict: untested
def factors(n): return []
# --- tests ---
import math
assert math.prod(factors(1)) == 1
assert math.prod(p % 2 for p in factors(15)) == 1
