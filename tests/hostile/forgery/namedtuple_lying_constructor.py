# attack: namedtuple lying constructor
# verdict: untested
import collections
class P(collections.namedtuple("P", "x y")):
    def __new__(cls, *a): return super().__new__(cls, 0, 0)
def add(a, b): return P()
# --- tests ---
assert add(P(1, 2), P(3, 4)) == P(4, 6)
assert (add(P(1, 2), P(3, 4)),) == (P(4, 6),)
assert add(P(1, 2), P(3, 4)) in [P(4, 6)]
