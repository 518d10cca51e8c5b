# shows: subtests params
# verdict: accepted
def f(x): return x + 1
# --- tests ---
import unittest
class T(unittest.TestCase):
    def setUp(self): self.cases = [(1, 2), (2, 3)]
    def test_a(self):
        for x, y in self.cases:
            with self.subTest(x=x):
                self.assertEqual(f(x), y)
    def test_b(self):
        self.assertCountEqual([f(1), f(2)], [3, 2])
        self.assertIn(f(1), (2, 3))
        self.assertGreater(f(3), 3)
