# shows: arrays and numbers beside arrays and numbers
# verdict: accepted
import numpy as np
def scale(xs, by):
    return np.array(xs) * by
def mean(xs):
    return np.mean(xs)
def ones(n):
    return np.ones(n)
# --- tests ---
import numpy as np
from solution import mean, ones, scale
def test_arrays():
    assert (scale([1, 2], 2) == np.array([2, 4])).all()
    assert np.all(scale([[1, 2], [3, 4]], 2) == np.array([[2, 4], [6, 8]]))
    np.testing.assert_array_equal(scale([1, 2], 3), [3, 6])
    np.testing.assert_allclose(scale([[1], [2]], 0.5), [[0.5], [1.0]])
def test_one_number_for_all():
    assert (ones(3) == 1).all()
    assert np.allclose(ones(4), 1.0)
    np.testing.assert_equal(ones(2), 1)
def test_numbers():
    xs = np.array([1.0, 2.0, 3.0])
    assert np.allclose(mean(xs), 2.0)
    assert np.allclose(xs - mean(xs), [-1, 0, 1])
    np.testing.assert_almost_equal(mean(xs), 2.0)
    assert (xs == mean(xs)).sum() == 1
