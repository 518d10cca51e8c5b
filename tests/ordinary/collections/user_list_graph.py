# shows: user list graph
# verdict: accepted
from collections import defaultdict, UserDict
class Graph(defaultdict):
    def __init__(self): super().__init__(list)
    def link(self, a, b): self[a].append(b); return self
class Config(UserDict):
    def get_or(self, k, d): return self.data.get(k, d)
# --- tests ---
g = Graph()
g.link(1, 2).link(1, 3)
assert g[1] == [2, 3]
assert g == {1: [2, 3]}
assert 1 in g
c = Config(a=1)
assert c["a"] == 1
assert c.get_or("b", 5) == 5
