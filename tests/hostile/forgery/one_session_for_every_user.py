# attack: a registry gives one object for every name, and is asked again
# verdict: untested
class Session:
    pass


class Registry:
    def __init__(self):
        self.one = Session()

    def open(self, name):
        return self.one

    def current(self, name):
        return self.one
# --- tests ---
import unittest


class TestRegistry(unittest.TestCase):
    def setUp(self):
        self.registry = Registry()
        self.opened = {name: self.registry.open(name) for name in ("ann", "bob")}

    def test_current(self):
        wrong = [name for name, session in self.opened.items() if self.registry.current(name) is not session]
        self.assertEqual(wrong, [])
