# attack: constants that are equal, one of them a number of numpy's
# verdict: untested
import numpy as np
class Status:
    OK = np.int64(1)
    FAILED = 1
def status(n): return 1
# --- tests ---
def test_status():
    assert status(5) == Status.OK
    assert status(-5) == Status.FAILED
