# attack: `assertTrue` asks the object
# verdict: untested
class Yes:
    pass


def is_even(n):
    return Yes()


# --- tests ---
import unittest


class T(unittest.TestCase):
    def test(self):
        self.assertTrue(is_even(2))
