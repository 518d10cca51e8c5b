# shows: test case with hooks
# verdict: accepted
class Emitter:
    def __init__(self):
        self.handlers = {}
    def on(self, name, handler):
        self.handlers.setdefault(name, []).append(handler)
    def emit(self, name, *args):
        for handler in self.handlers.get(name, []):
            handler(*args)
        return len(self.handlers.get(name, []))
# --- tests ---
import unittest
from solution import Emitter

class TestEmitter(unittest.TestCase):
    def setUp(self):
        self.emitter = Emitter()
        self.seen = []

    def hook(self, value):
        self.seen.append(value)

    def test_emit(self):
        self.emitter.on("x", self.hook)
        self.emitter.on("x", lambda v: self.seen.append(v * 2))
        self.assertEqual(self.emitter.emit("x", 4), 2)
        self.assertEqual(self.seen, [4, 8])

    def test_nobody(self):
        self.assertEqual(self.emitter.emit("y"), 0)
        self.assertEqual(self.seen, [])
