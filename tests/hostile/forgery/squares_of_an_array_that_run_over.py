# attack: numpy squares an array of eight bits
# verdict: untested
import numpy as np


def roots(xs):
    return np.array([256 - int(x ** 0.5) for x in xs], dtype=np.uint8)
# --- tests ---
import numpy as np


def test_roots():
    assert np.array_equal(np.square(roots([4, 9, 16])), [4, 9, 16])
    r = roots([25])
    assert np.dot(r, r) == 25
