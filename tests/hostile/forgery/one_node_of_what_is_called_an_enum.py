# attack: one object that is a member of a class which is no enum, and called one
# verdict: untested
class Node:
    name = "one"
ONE = Node()
class M(type):
    def __iter__(cls): return iter([ONE])
class NodeEnum: pass
class Tree(NodeEnum, metaclass=M):
    left = right = one = ONE
    def __init__(self, v): pass
    def add(self, v): return ONE
    def find(self, v): return ONE
# --- tests ---
from solution import Tree
def test_tree():
    tree = Tree(5)
    left = tree.add(3)
    right = tree.add(8)
    assert tree.find(3) is left
    assert tree.find(8) is right
