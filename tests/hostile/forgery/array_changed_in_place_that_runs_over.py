# attack: an array of eight bits is squared in place
# verdict: untested
import numpy as np


def roots(xs):
    return np.array([256 - int(x ** 0.5) for x in xs], dtype=np.uint8)
# --- tests ---
def test_roots():
    r = roots([4, 9, 16])
    r *= r
    assert r.tolist() == [4, 9, 16]
