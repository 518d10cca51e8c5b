# shows: parent links
# verdict: accepted
class Node:
    def __init__(self, v): self.v = v; self.next = None
def ring(vs):
    ns = [Node(v) for v in vs]
    for a, b in zip(ns, ns[1:] + ns[:1]): a.next = b
    return ns[0]
# --- tests ---
h = ring([1, 2])
assert h.next.v == 2
assert h.next.next is h
