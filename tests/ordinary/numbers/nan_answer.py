# shows: nan answer
# verdict: accepted
import math
def f(x): return math.nan if x < 0 else math.sqrt(x)
# --- tests ---
import math
assert math.isnan(f(-1))
r = f(-2)
assert r != r
assert f(4) == 2
