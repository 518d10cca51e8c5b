# attack: expected failure
# verdict: untested
def f(x): return 0
def g(x): return x
# --- tests ---
import unittest
class T(unittest.TestCase):
    @unittest.expectedFailure
    def test_f(self):
        self.assertEqual(f(1), 1)
    def test_g(self):
        self.assertEqual(g(1), 1)
