# attack: f32 inf relative
# verdict: untested
import numpy as np
def f(x): return np.float32("inf")
# --- tests ---
got, want = f(1), 5
assert abs(got - want) <= 1e-6 * max(abs(got), abs(want))
