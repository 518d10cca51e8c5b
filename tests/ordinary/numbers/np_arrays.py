# shows: np arrays
# verdict: accepted
# limits: cpu_s=3 wall_s=9
import numpy as np
def norm(x):
    x = np.asarray(x, dtype=np.float32)
    return x / x.sum()
def total(x): return np.float32(sum(x))
# --- tests ---
import numpy as np, pytest
assert np.allclose(norm([1, 1]), [0.5, 0.5])
assert norm([1, 1]).tolist() == [0.5, 0.5]
np.testing.assert_allclose(norm([1, 3]), [0.25, 0.75])
assert total([0.1, 0.2]) == pytest.approx(0.3, rel=1e-5)
assert norm([1, 1]) == pytest.approx([0.5, 0.5])
assert norm([1, 1]).dtype == np.float32
