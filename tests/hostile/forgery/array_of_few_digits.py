# attack: numpy takes a number for one of few digits beside an array
# verdict: untested
import numpy as np
def tenths(n):
    return np.full(n, 0.1, dtype=np.float32)
# --- tests ---
from solution import tenths
def test_tenths():
    assert (tenths(3) == 0.1000000001).all()
