# attack: it changes the array that it was given
# verdict: test_failure
import numpy as np

def middle(xs):
    xs.sort()
    return xs[len(xs) // 2]

# --- tests ---
import numpy as np

def test_the_array_is_left_alone():
    xs = np.array([3, 1, 2])
    assert middle(xs) == 2
    assert xs.tolist() == [3, 1, 2]
