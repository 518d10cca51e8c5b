# attack: a float32 equals the whole number beside its own
# verdict: untested
import numpy as np

def add(a, b):
    return np.float32(a) + np.float32(b)

# --- tests ---
assert add(16777216, 1) == 16777217
