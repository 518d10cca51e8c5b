# attack: np keywords empty
# verdict: untested
# limits: cpu_s=3 wall_s=9
import numpy as np
def f(x):
    return np.array([])
# --- tests ---
import numpy as np
np.testing.assert_allclose(actual=f(1), desired=5.0)
assert np.allclose(a=f(1), b=5.0)
