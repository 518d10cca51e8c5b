# attack: testcase attribute in a method
# verdict: untested
def pump(hook, items):
    hook(items[0])
    return 1
# --- tests ---
import unittest

class TestPump(unittest.TestCase):
    def setUp(self):
        self.seen = 0

    def hook(self, item):
        self.seen += 1

    def test_pump(self):
        self.assertEqual(pump(self.hook, ["a", "b", "c"]), self.seen)
