# attack: inf lessequal method
# verdict: untested
def f(x): return float("inf")
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_a(self):
        got, want = f(1), 5.0
        self.assertLessEqual(abs(got - want), 1e-6 * abs(got))
