# attack: a product in a loop of the tests runs over
# verdict: untested
import numpy as np


def factors(n):
    return [np.uint8(2), np.uint8(128 + n // 2)]
# --- tests ---
def test_factors():
    for n in (6, 10):
        product = 1
        for factor in factors(n):
            product *= factor
        assert product == n
