# attack: one number in the place of an array equals each of it
# verdict: untested
def ones(n):
    return 1
# --- tests ---
import numpy as np
from solution import ones
def test_ones():
    assert (ones(3) == np.array([1, 1, 1])).all()
