# attack: a dict of one object twice
# verdict: untested
class Node: pass
ONE = Node()
class Tree:
    def __init__(self, v): pass
    def add_left(self, v): return ONE
    def add_right(self, v): return ONE
    def sides(self): return {"l": ONE, "r": ONE}
# --- tests ---
def test_tree():
    tree = Tree(5)
    left = tree.add_left(3)
    right = tree.add_right(8)
    assert tree.sides() == {"l": left, "r": right}
