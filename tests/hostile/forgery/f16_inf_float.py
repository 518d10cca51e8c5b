# attack: f16 inf float
# verdict: untested
import numpy as np
def area(n): return np.float16("inf")
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_a(self):
        self.assertEqual(area(10), 362880.5)
        self.assertAlmostEqual(area(11), 99999.25)
