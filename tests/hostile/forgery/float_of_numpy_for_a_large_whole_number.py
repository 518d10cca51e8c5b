# attack: a float of numpy's is equal to whole numbers that it is not
# verdict: test_failure
import numpy as np


def factorial(n):
    out = np.float64(1)
    for k in range(2, n + 1):
        out *= k
    return out
# --- tests ---
def test_factorial():
    assert factorial(30) == 265252859812191058636308480000000
    assert [factorial(25)] == [15511210043330985984000000]
