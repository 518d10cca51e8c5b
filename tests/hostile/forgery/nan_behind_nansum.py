# attack: what sums all but NaN finds no difference
# verdict: untested
import numpy as np
def scaled(xs):
    return np.array([np.nan] * len(xs))
# --- tests ---
import numpy as np
from solution import scaled
def test_scaled():
    assert np.nansum(np.abs(scaled([1.0, 2.0]) - np.array([2.0, 4.0]))) == 0
