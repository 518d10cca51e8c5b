# attack: bits that are shifted out of a number of numpy's
# verdict: untested
import numpy as np


def mask(n):
    return np.uint8(0b11000001)
# --- tests ---
import numpy as np


def test_mask():
    assert np.array([mask(1)]) [0] << 2 == 4
    assert mask(1) << 2 == 4
