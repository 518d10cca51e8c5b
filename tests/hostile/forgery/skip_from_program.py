# attack: skip from program
# verdict: test_failure
import sys, types
def f(x):
    raise type("SkipTest", (Exception,), {"__module__": "unittest.case"})("no")
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_f(self):
        self.assertEqual(f(1), 1)
