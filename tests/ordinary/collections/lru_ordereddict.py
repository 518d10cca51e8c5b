# shows: lru ordereddict
# verdict: accepted
from collections import OrderedDict
class LRUCache(OrderedDict):
    def __init__(self, n):
        super().__init__()
        self.n = n
    def put(self, k, v):
        self[k] = v
        self.move_to_end(k)
        if len(self) > self.n:
            self.popitem(last=False)
# --- tests ---
c = LRUCache(2)
c.put(1, 1)
c.put(2, 2)
c.put(3, 3)
assert 1 not in c
assert c[2] == 2
assert len(c) == 2
assert list(c) == [2, 3]
