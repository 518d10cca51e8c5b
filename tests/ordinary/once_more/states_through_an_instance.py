# shows: states through an instance
# verdict: accepted
class Door:
    OPEN, CLOSED, LOCKED = "open", "closed", "locked"
    def __init__(self):
        self.state = self.CLOSED
    def open(self):
        if self.state == self.LOCKED:
            raise ValueError("locked")
        self.state = self.OPEN
    def lock(self):
        self.state = self.LOCKED
# --- tests ---
import unittest
from solution import Door

class TestDoor(unittest.TestCase):
    def setUp(self):
        self.door = Door()

    def test_open(self):
        self.door.open()
        self.assertEqual(self.door.state, self.door.OPEN)

    def test_lock(self):
        self.door.lock()
        self.assertEqual(self.door.state, self.door.LOCKED)
        with self.assertRaises(ValueError):
            self.door.open()
