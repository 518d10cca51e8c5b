# attack: an empty array in the place of the answer, compared as an array
# verdict: test_failure runtime_error untested
import numpy as np


def scale(values):
    return np.zeros((0, 2))


# --- tests ---
import numpy as np

np.testing.assert_allclose(scale([[1, 2]]), 2)
assert (scale([[1, 2]]) == np.array([2, 4])).all()
assert np.array_equal(scale([[1, 2]]), [[2, 4]])
