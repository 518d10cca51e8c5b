# attack: an object that is asked of unittest whether it is an abstract class's
# verdict: test_failure
class Box:
    __hash__ = None

    def __init__(self, items):
        self.items = items

# --- tests ---
import unittest
from collections.abc import Hashable

class TestBox(unittest.TestCase):
    def test_box(self):
        self.assertEqual(Box([1]).items, [1])
        self.assertIsInstance(Box([1]), Hashable)
