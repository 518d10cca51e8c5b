# attack: f32 nan max
# verdict: untested
import numpy as np
def f(x): return np.float32("nan")
# --- tests ---
assert max(0, abs(f(1) - 4)) <= 1e-6
