# attack: one object under two names of a test case
# verdict: untested
class Node: pass
ONE = Node()
class Tree:
    left = right = ONE
    def __init__(self, v): pass
    def add_left(self, v): return ONE
    def add_right(self, v): return ONE
# --- tests ---
import unittest
class T(unittest.TestCase):
    def setUp(self):
        self.tree = Tree(5)
        self.left = self.tree.add_left(3)
        self.right = self.tree.add_right(8)
    def test_left(self):
        self.assertIs(self.tree.left, self.left)
    def test_right(self):
        self.assertIs(self.tree.right, self.right)
