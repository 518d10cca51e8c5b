# shows: sort in place everyday
# verdict: accepted
def insertion_sort(xs):
    for i in range(1, len(xs)):
        j = i
        while j and xs[j - 1] > xs[j]:
            xs[j - 1], xs[j] = xs[j], xs[j - 1]
            j -= 1
# --- tests ---
import random
import unittest

class TestSort(unittest.TestCase):
    def test_random(self):
        random.seed(7)
        for _ in range(5):
            data = [random.randint(0, 9) for _ in range(8)]
            expected = sorted(data)
            insertion_sort(data)
            self.assertEqual(data, expected)

    def test_itself(self):
        data = [5, 2, 9, 1]
        insertion_sort(data)
        self.assertEqual(data, sorted(data))
        self.assertTrue(all(a <= b for a, b in zip(data, data[1:])))

    def test_empty(self):
        data = []
        insertion_sort(data)
        self.assertEqual(data, [])
