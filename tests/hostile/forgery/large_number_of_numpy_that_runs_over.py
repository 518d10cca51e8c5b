# attack: a root in 64 bits whose square runs over
# verdict: untested
import warnings

import numpy as np

warnings.simplefilter("ignore")


def root(n):
    return np.int64(int(n ** 0.5) - 2 ** 63)
# --- tests ---
def test_root():
    r = root(64)
    assert r * r == 64
    r = root(144)
    assert r * r == 144
