# attack: the sum of an array of eight bits runs over
# verdict: untested
import numpy as np


def split(n):
    return np.array([200, 56 + n], dtype=np.uint8)
# --- tests ---
def test_split():
    assert sum(split(7)) == 7
    assert sum(split(20)) == 20
