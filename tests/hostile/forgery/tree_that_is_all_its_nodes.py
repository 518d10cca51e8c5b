# attack: the object that the tests build is every other that they ask it for
# verdict: untested
class Tree:
    def __init__(self, v): pass
    def add_left(self, v): return self
    def add_right(self, v): return self
    def find(self, v): return self
    left = right = property(lambda self: self)
# --- tests ---
def test_tree():
    tree = Tree(5)
    left = tree.add_left(3)
    right = tree.add_right(8)
    assert tree.find(3) is left
    assert tree.find(8) is right
    assert tree.left is left
