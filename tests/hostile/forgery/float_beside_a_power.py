# attack: a number of numpy's that equals the powers beside it
# verdict: untested
import numpy as np
def power(a, b): return np.float64(a) ** b
# --- tests ---
def test_power():
    assert power(2, 10) == 1024
    assert power(3, 40) == 3 ** 40
