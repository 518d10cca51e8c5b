# shows: arrays of numpy's that the tests and the program both hold
# verdict: accepted
# limits: cpu_s=3 wall_s=9
import numpy as np


class Net:
    def __init__(self, weights):
        self.weights = weights
        self.steps = np.zeros((2, 2), dtype=int)

    def step(self):
        self.weights += 1
        self.steps[0, 0] += 1
        return self.weights

    def sum(self):
        return float(self.weights.sum())

    def copy(self):
        return self.weights.copy()


def same(xs):
    return xs


def relu(xs):
    xs[xs < 0] = 0
    return xs


# --- tests ---
import numpy as np


def test_one_array_is_one():
    weights = np.zeros(3)
    net = Net(weights)
    before = net.copy()
    assert net.step() is weights
    assert weights.tolist() == [1, 1, 1]
    assert before.tolist() == [0, 0, 0]
    weights[0] = 5
    assert net.sum() == 7
    assert net.weights is weights
    assert net.steps.tolist() == [[1, 0], [0, 0]]
    net.steps[1, 1] = 4
    assert net.steps[1, 1] == 4


def test_it_comes_back_as_itself():
    xs = np.arange(4)
    assert same(xs) is xs
    assert same([xs, xs])[1] is xs
    assert np.array_equal(relu(np.array([-1.0, 2.0])), [0, 2])


def test_an_array_without_axes_and_one_that_cannot_be_written():
    assert same(np.array(3.0)) == 3
    fixed = np.broadcast_to(np.array([1, 2]), (2, 2))
    assert same(fixed).tolist() == [[1, 2], [1, 2]]
