# attack: the same, where unittest compares
# verdict: untested
import numpy as np
def tenth(n):
    return np.float32(0.1) * np.float32(n)
# --- tests ---
import unittest
from solution import tenth
class Tenths(unittest.TestCase):
    def test_exact(self):
        self.assertEqual(tenth(1), 0.1000000000000001)
