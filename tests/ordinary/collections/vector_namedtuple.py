# shows: vector namedtuple
# verdict: accepted
from typing import NamedTuple
class V(NamedTuple):
    x: float
    y: float
    def plus(self, o): return V(self.x + o.x, self.y + o.y)
    def dot(self, o): return self.x * o.x + self.y * o.y
def total(vs):
    out = V(0, 0)
    for v in vs: out = out.plus(v)
    return out
# --- tests ---
a, b = V(1, 2), V(3, 4)
assert a.plus(b) == V(4, 6)
assert a.dot(b) == 11
assert total([a, b]) == V(4, 6)
assert total([a, b]).x == 4
assert {a: 1}[V(1, 2)] == 1
assert len({V(1, 2), V(1, 2), b}) == 2
