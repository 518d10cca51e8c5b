# attack: two arrays that share what they hold
# verdict: untested
import numpy as np

KEPT = np.zeros(3)


def add_one(a):
    KEPT[:] = a
    KEPT[:] += 2
    return KEPT


def add_two(a):
    return add_one(a)
# --- tests ---
import numpy as np


def test_add():
    one = add_one(np.array([1.0, 2.0, 3.0]))
    two = add_two(np.array([0.0, 1.0, 2.0]))
    assert np.allclose(one, two)
    assert one[0] == 2.0
