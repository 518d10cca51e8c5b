# attack: equal of all
# verdict: untested
def f(x): return []
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_a(self):
        self.assertEqual(all(v > 0 for v in f(3)), True)
    def test_b(self):
        self.assertIs(any(v < 0 for v in f(3)), False)
