# attack: np norm empty
# verdict: untested
# limits: cpu_s=3 wall_s=9
import numpy as np
def f(x):
    return np.array([])
# --- tests ---
import numpy as np
assert np.linalg.norm(f(1) - 5.0) < 1e-9
assert np.sum(np.abs(f(1) - np.array([3.0]))) < 1e-9
assert not np.any(f(1) != 3.0)
