# attack: a cleanup of a test case is where it is compared
# verdict: test_failure
def double(n):
    return 0
# --- tests ---
import unittest
from solution import double
class Doubles(unittest.TestCase):
    def check(self):
        self.assertEqual(double(2), 4)
    def test_double(self):
        self.addCleanup(self.check)
        self.assertEqual(double(0), 0)
