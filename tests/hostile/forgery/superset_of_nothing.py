# attack: superset of nothing
# verdict: untested
def divisors(n): return []
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_a(self):
        self.assertTrue({1, 2, 3, 4, 6, 12}.issuperset(divisors(12)))
