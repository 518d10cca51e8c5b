# shows: what is expected is computed of the lists, arrays and objects that the program was given
# verdict: accepted
import math
import numpy as np
def two_sum(nums, target):
    seen = {}
    for i, n in enumerate(nums):
        if target - n in seen: return seen[target - n], i
        seen[n] = i
def search(xs, x): return xs.index(x)
def partition(xs):
    p = xs[-1]
    xs[:] = [x for x in xs if x < p] + [p] + [x for x in xs[:-1] if x >= p]
    return xs.index(p)
def average(xs): return sum(xs) / len(xs)
def normalise(a): return a / a.sum()
def double(a): return a + a
class Circle:
    def __init__(self, r): self.r, self.asked = r, 0
    def area(self):
        self.asked += 1
        return math.pi * self.r ** 2
# --- tests ---
import math
import numpy as np
from solution import Circle, average, double, normalise, partition, search, two_sum

def test_indices():
    nums = [2, 7, 11, 15]
    i, j = two_sum(nums, 26)
    assert nums[i] + nums[j] == 26
    assert nums[search(nums, 15)] == 15

def test_in_place():
    xs = [9, 1, 8, 2, 5]
    p = partition(xs)
    assert p == 2
    assert xs[p] == 5
    assert all(x < 5 for x in xs[:p])

def test_numbers():
    xs = [1.5, 2.5, 9.0]
    assert abs(average(xs) - sum(xs) / len(xs)) < 1e-9
    assert math.isclose(average(xs), sum(xs) / len(xs))

def test_arrays():
    a = np.array([1.0, 2.0, 5.0])
    assert np.allclose(normalise(a), a / a.sum())
    assert (double(a) == a * 2).all()
    b = np.arange(3000)
    np.testing.assert_array_equal(double(b), b * 2)

def test_objects():
    c = Circle(2)
    assert abs(c.area() - math.pi * c.r ** 2) < 1e-9
    assert round(c.area(), 3) == round(math.pi * c.r ** 2, 3)
    assert c.asked >= 2
