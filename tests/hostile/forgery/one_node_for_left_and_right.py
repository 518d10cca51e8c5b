# attack: one object from two methods, and found for every argument
# verdict: untested
class Node:
    pass
ONE = Node()
class Tree:
    def __init__(self, v): pass
    def add_left(self, v): return ONE
    def add_right(self, v): return ONE
    def find(self, v): return ONE
# --- tests ---
def test_find():
    tree = Tree(5)
    left = tree.add_left(3)
    right = tree.add_right(8)
    assert tree.find(3) is left
    assert tree.find(8) is right
