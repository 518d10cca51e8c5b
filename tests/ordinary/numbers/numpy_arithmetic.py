# shows: numpy_arithmetic
# verdict: accepted
import numpy as np

def normalise(xs):
    a = np.asarray(xs, dtype=float)
    return (a - a.mean()) / a.std()

def total(xs):
    return np.sum(xs)

def histogram(xs, n):
    return np.bincount(xs, minlength=n)
# --- tests ---
import numpy as np

def test_normalise():
    out = normalise([1, 2, 3, 4])
    assert abs(out.mean()) < 1e-9
    assert np.allclose(out * np.std([1, 2, 3, 4]) + 2.5, [1, 2, 3, 4])

def test_total():
    assert total([1, 2, 3]) + total([4]) == 10
    assert total([2, 3]) ** 2 == 25

def test_histogram():
    h = histogram([0, 1, 1, 3], 5)
    assert (h + h).tolist() == [2, 4, 0, 2, 0]
    assert h.sum() == 4
