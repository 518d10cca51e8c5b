# shows: pickle copy
# verdict: accepted
import copy
class P:
    def __init__(self, x): self.x = x
    def __copy__(self): return P(self.x)
# --- tests ---
import copy
p = P([1])
q = copy.copy(p)
assert q is not p and q.x == [1]
r = copy.deepcopy(p)
assert r.x == [1]
