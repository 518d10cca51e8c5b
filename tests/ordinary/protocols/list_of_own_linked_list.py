# shows: list of own linked list
# verdict: accepted
class Node:
    def __init__(self, v, n=None): self.v = v; self.n = n
class LL:
    def __init__(self): self.head = None; self.size = 0
    def __len__(self): return self.size
    def __iter__(self):
        c = self.head
        while c: yield c.v; c = c.n
    def add(self, v):
        self.head = Node(v, self.head); self.size += 1
def from_list(xs):
    l = LL()
    for x in reversed(xs): l.add(x)
    return l
# --- tests ---
assert list(from_list([1, 2, 3])) == [1, 2, 3]
assert sum(from_list([1, 2])) == 3
