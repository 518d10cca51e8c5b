# attack: a number of numpy's where a float belongs
# verdict: test_failure
import numpy as np

def mean(xs):
    return np.mean(xs)

# --- tests ---
def test_mean():
    assert mean([1, 2]) == 1.5
    assert type(mean([1, 2])) is float
