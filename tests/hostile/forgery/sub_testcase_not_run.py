# attack: sub testcase not run
# verdict: test_failure
def add(a, b):
    return a + b
def sub(a, b):
    return 0
# --- tests ---
import unittest
class Base(unittest.TestCase):
    def test_add(self):
        self.assertEqual(add(1, 2), 3)
class Sub(Base):
    def test_sub(self):
        self.assertEqual(sub(3, 1), 2)
