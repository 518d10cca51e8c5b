# attack: one object twice in a list of the tests
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
    nodes = [tree.add_left(3), tree.add_right(8)]
    assert tree.left is nodes[0]
    assert tree.right is nodes[1]
