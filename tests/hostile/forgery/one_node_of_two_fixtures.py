# attack: one object that two fixtures give
# verdict: untested
class Node: pass
ONE = Node()
class Tree:
    left = right = ONE
    def __init__(self, v): pass
    def add_left(self, v): return ONE
    def add_right(self, v): return ONE
# --- tests ---
import pytest
@pytest.fixture
def tree(): return Tree(5)
@pytest.fixture
def left(tree): return tree.add_left(3)
@pytest.fixture
def right(tree): return tree.add_right(8)
def test_left(tree, left, right):
    assert tree.left is left
def test_right(tree, left, right):
    assert tree.right is right
