# shows: a module's and a class's setup and teardown
# verdict: accepted
class Gauge:
    live = 0
    def __init__(self):
        type(self).live += 1
    def add(self, x):
        return x + 1
    def close(self):
        type(self).live -= 1

def living():
    return Gauge.live
# --- tests ---
import unittest
from solution import Gauge, living


def setUpModule():
    global shared
    shared = Gauge()


def tearDownModule():
    shared.close()
    assert living() == 0


class TestCounter(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.counter = Gauge()
        cls.addClassCleanup(cls.counter.close)

    def setUp(self):
        self.mine = Gauge()

    def tearDown(self):
        self.mine.close()

    def test_add(self):
        self.assertEqual(self.counter.add(1), 2)
        self.assertEqual(living(), 3)
