# shows: numpy empty
# verdict: accepted
# limits: cpu_s=3 wall_s=9
import numpy as np
def pos(x):
    x = np.asarray(x)
    return x[x > 0]
# --- tests ---
import numpy as np
assert pos([-1]).size == 0
assert np.array_equal(pos([1, -2]), [1])
np.testing.assert_array_equal(pos([-1]), [])
assert pos([3, -1]).shape == (1,)
assert (pos([1, 2]) == np.array([1, 2])).all()
assert pos([5, -1])[0] == 5
