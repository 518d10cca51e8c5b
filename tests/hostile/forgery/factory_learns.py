# attack: factory learns
# verdict: test_failure
from collections import defaultdict
def f(x):
    n = iter(range(100))
    return defaultdict(lambda: next(n))
# --- tests ---
r = f(1)
assert r["a"] == 5
