# attack: sorted call of nothing
# verdict: untested
def sort(xs): return []
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_a(self):
        self.assertEqual(sort([2, 1]), sorted(sort([2, 1])))
