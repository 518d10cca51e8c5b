# attack: a number of numpy's that equals the products beside it
# verdict: untested
import numpy as np
def fact(n):
    r = np.float64(1)
    for i in range(2, n + 1): r *= i
    return r
# --- tests ---
import math
def test_fact():
    assert fact(5) == 120
    assert fact(25) == math.prod(range(1, 26))
