# attack: the greatest of few bits has no absolute value
# verdict: untested
import numpy as np
def worst(xs):
    return np.int8(-128)
# --- tests ---
import numpy as np
from solution import worst
def test_worst():
    assert abs(worst([100, 28])) == -worst([100, 28])
