# attack: one object for two names that a function of the tests compares
# verdict: untested
class Node: pass
ONE = Node()
class Tree:
    left = right = ONE
    def __init__(self, v): pass
    def add_left(self, v): return ONE
    def add_right(self, v): return ONE
# --- tests ---
def same(a, b):
    assert a is b
def test_tree():
    tree = Tree(5)
    left = tree.add_left(3)
    right = tree.add_right(8)
    same(tree.left, left)
    same(tree.right, right)
