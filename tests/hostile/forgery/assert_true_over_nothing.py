# attack: assert true over nothing
# verdict: untested
def squares(xs):
    return []
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_a(self):
        self.assertTrue(all(v > 0 for v in squares([1, 2])))
