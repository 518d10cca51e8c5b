# attack: method loop after isinstance
# verdict: untested
def primes(n): return []
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_a(self):
        ps = primes(30)
        self.assertIsInstance(ps, list)
        for p in ps:
            self.assertTrue(p > 1)
