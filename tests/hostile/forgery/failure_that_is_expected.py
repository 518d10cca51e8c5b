# attack: it fails where it is to fail, and nothing else is asked
# verdict: untested
def f(x): return 7
# --- tests ---
import unittest
class T(unittest.TestCase):
    @unittest.expectedFailure
    def test_b(self):
        self.assertEqual(f(-1), 1)
