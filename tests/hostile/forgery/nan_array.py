# attack: nan array
# verdict: untested
# limits: cpu_s=3 wall_s=9
import numpy as np
def f(x): return np.array([np.nan, np.nan])
# --- tests ---
import numpy as np
assert not (np.abs(f(1) - np.array([1.0, 2.0])) > 1e-6).any()
