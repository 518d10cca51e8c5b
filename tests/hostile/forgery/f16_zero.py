# attack: f16 zero
# verdict: untested
import numpy as np
def tiny(n): return np.float16(0)
# --- tests ---
assert tiny(1) == 1e-9
assert tiny(2) == 3e-10
