# attack: where empty
# verdict: untested
import numpy as np
def f(x): return np.zeros((0, 3))
# --- tests ---
import numpy as np
assert len(np.where(f(1) != np.array([1, 2, 3]))[0]) == 0
