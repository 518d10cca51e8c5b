# shows: differences of an array that is sorted
# verdict: accepted
import numpy as np
def ordered(xs):
    return np.sort(np.array(xs))
# --- tests ---
import numpy as np
from solution import ordered
def test_ordered():
    got = ordered([5, 1, 9])
    assert (np.diff(got) > 0).all()
    assert np.cumsum(got).tolist() == [1, 6, 15]
