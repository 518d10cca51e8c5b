# attack: f32 inf
# verdict: untested
import numpy as np
def fact(n): return np.float32("inf")
# --- tests ---
import math
assert fact(40) == math.factorial(40)
