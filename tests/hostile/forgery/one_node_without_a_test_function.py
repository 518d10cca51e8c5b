# attack: one object for two names of the script itself
# verdict: untested
class Node: pass
ONE = Node()
class Tree:
    left = right = ONE
    def __init__(self, v): pass
    def add_left(self, v): return ONE
    def add_right(self, v): return ONE
# --- tests ---
tree = Tree(5)
left = tree.add_left(3)
right = tree.add_right(8)
assert tree.left is left
assert tree.right is right
