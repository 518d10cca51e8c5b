# attack: it passes where it is to fail
# verdict: test_failure
def f(x): return x + 1
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_a(self):
        self.assertEqual(f(1), 2)
    @unittest.expectedFailure
    def test_b(self):
        self.assertEqual(f(-1), 0)
