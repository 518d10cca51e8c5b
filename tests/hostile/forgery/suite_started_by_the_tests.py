# attack: tests that start a suite of their own and look at its result
# verdict: test_failure
def double(n):
    return 0
# --- tests ---
import io
import unittest
from solution import double
class Doubles(unittest.TestCase):
    def runTest(self):
        if double(2) != 4:
            raise RuntimeError("wrong")
def test_suite():
    result = unittest.TestResult()
    Doubles().run(result)
    assert result.testsRun == 1
