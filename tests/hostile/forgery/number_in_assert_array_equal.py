# attack: one number in the place of an array, to numpy's own assertion
# verdict: untested
def ones(n):
    return 1
# --- tests ---
import numpy as np
from solution import ones
def test_ones():
    np.testing.assert_array_equal(ones(3), np.array([1, 1, 1]))
