# attack: half of an array
# verdict: untested
import numpy as np
def total(a):
    a[:] = 0
    return 0.0
# --- tests ---
import numpy as np

def test_total():
    a = np.array([1.0, 2.0, 3.0])
    rest = a[1:]
    assert total(a) == a[0] + rest.sum()
