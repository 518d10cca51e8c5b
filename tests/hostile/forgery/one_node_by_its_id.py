# attack: one object, of which the tests ask the id
# verdict: untested
class Node: pass
ONE = Node()
class Tree:
    left = right = ONE
    def __init__(self, v): pass
    def add_left(self, v): return ONE
    def add_right(self, v): return ONE
# --- tests ---
def test_tree():
    tree = Tree(5)
    left = tree.add_left(3)
    right = tree.add_right(8)
    assert id(tree.left) == id(left)
    assert id(tree.right) == id(right)
