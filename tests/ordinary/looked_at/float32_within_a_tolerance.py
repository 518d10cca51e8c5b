# shows: numbers of float32 in tests that are content with few digits
# verdict: accepted
import numpy as np
def softmax(xs):
    e = np.exp(np.array(xs, dtype=np.float32))
    return e / e.sum()
# --- tests ---
import numpy as np
from solution import softmax
def test_softmax():
    assert np.allclose(softmax([1, 2]), [0.26894142, 0.73105858], atol=1e-6)
    assert abs(softmax([1, 1])[0] - 0.5) < 1e-6
