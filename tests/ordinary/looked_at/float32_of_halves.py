# shows: numbers of float32 that are what they show
# verdict: accepted
import numpy as np
def halves(xs):
    return np.array(xs, dtype=np.float32) / 2
# --- tests ---
import numpy as np
from solution import halves
def test_halves():
    assert np.array_equal(halves([1, 2, 3]), np.array([0.5, 1.0, 1.5]))
    assert halves([5])[0] == 2.5
