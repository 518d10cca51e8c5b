# attack: np assert equal empty
# verdict: untested
# limits: cpu_s=3 wall_s=9
import numpy as np
def f(x):
    return np.array([])
# --- tests ---
import numpy as np
np.testing.assert_array_equal(f(1), 5)
np.testing.assert_equal(f(1), 5)
