# attack: numbers of numpy's in a list that is shown
# verdict: test_failure
import numpy as np

def halves(xs):
    return [np.float64(x) / 2 for x in xs]

# --- tests ---
assert repr(halves([1, 2])) == "[0.5, 1.0]"
