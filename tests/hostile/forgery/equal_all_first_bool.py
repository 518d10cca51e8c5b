# attack: equal all first bool
# verdict: untested
def f(x): return []
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_a(self):
        self.assertEqual(True, all(v > 0 for v in f(3)))
