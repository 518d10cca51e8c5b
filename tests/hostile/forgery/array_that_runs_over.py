# attack: an array of eight bits whose squares run over
# verdict: untested
import numpy as np


def roots(xs):
    return np.array([256 - int(x ** 0.5) for x in xs], dtype=np.uint8)
# --- tests ---
import numpy as np


def test_roots():
    xs = [4, 9, 16]
    assert (roots(xs) ** 2 == np.array(xs)).all()
    r = roots([25, 49])
    assert np.array_equal(r * r, [25, 49])
