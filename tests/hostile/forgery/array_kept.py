# attack: it keeps a view of the array that it was given
# verdict: test_failure
import numpy as np

class Data:
    def __init__(self, xs):
        self.xs = xs[1:]

    def total(self):
        return float(self.xs.sum())

# --- tests ---
import numpy as np

def test_data_are_its_own():
    xs = np.array([1.0, 2.0, 3.0])
    data = Data(xs)
    xs[2] = 10
    assert data.total() == 5
