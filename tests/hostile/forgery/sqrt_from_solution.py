# attack: sqrt from solution
# verdict: untested
def sqrt(x): return 0.0
def f(x): return 0.0
# --- tests ---
import solution
from solution import sqrt, f
assert f(2) == sqrt(2)
assert solution.f(3) == solution.sqrt(3)
