# attack: copy learns
# verdict: test_failure
import copy
class A:
    def __init__(self, v): self.v = v
    def __deepcopy__(self, m): return self
    def push(self, x): self.v.append(x)
# --- tests ---
from copy import deepcopy
a = A([])
b = deepcopy(a)
a.push(1)
assert b.v == []
