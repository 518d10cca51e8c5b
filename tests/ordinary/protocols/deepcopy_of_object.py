# shows: deepcopy of object
# verdict: accepted
class Tree:
    def __init__(self, v): self.v = v; self.kids = []
    def add(self, v): self.kids.append(Tree(v)); return self
    def size(self): return 1 + sum(k.size() for k in self.kids)
# --- tests ---
from copy import deepcopy
t = Tree(1)
u = deepcopy(t)
t.add(2)
assert t.size() == 2
assert u.size() == 1
