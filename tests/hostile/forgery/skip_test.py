# attack: unittest.SkipTest in a call, which would skip the test
# verdict: test_failure untested
import unittest


def add(a, b):
    raise unittest.SkipTest("not today")


# --- tests ---
import unittest


class TestAdd(unittest.TestCase):
    def test_add(self):
        self.assertEqual(add(2, 3), 5)
