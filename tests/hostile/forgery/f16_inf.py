# attack: f16 inf
# verdict: untested
import numpy as np
def fact(n): return np.float16("inf")
# --- tests ---
assert fact(10) == 3628800
assert fact(12) == 479001600
