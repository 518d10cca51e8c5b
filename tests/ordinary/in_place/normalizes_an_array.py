# shows: numpy in place
# verdict: accepted
import numpy as np


def normalize(values):
    total = float(values.sum())
    values /= total
    return total
# --- tests ---
import numpy as np


def test_normalize():
    values = np.array([1.0, 3.0])
    assert normalize(values) == 4.0
    assert values.tolist() == [0.25, 0.75]
    np.testing.assert_allclose(values.sum(), 1.0)
