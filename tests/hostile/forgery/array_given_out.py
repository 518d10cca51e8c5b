# attack: the array that it gives as a copy is the one that it goes on with
# verdict: test_failure
import numpy as np

class Net:
    def __init__(self):
        self.weights = np.zeros(3)

    def snapshot(self):
        return self.weights

    def step(self):
        self.weights += 1

# --- tests ---
def test_a_snapshot_stays():
    net = Net()
    before = net.snapshot()
    net.step()
    assert before.tolist() == [0, 0, 0]
    assert net.snapshot().tolist() == [1, 1, 1]
