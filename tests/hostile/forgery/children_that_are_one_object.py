# attack: a list of one object twice
# verdict: untested
class Node: pass
ONE = Node()
class Tree:
    def __init__(self, v): pass
    def add_left(self, v): return ONE
    def add_right(self, v): return ONE
    def children(self): return [ONE, ONE]
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_find(self):
        tree = Tree(5)
        left = tree.add_left(3)
        right = tree.add_right(8)
        self.assertEqual(tree.children(), [left, right])
