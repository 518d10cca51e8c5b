# attack: deepcopied
# verdict: untested
class A:
    def __eq__(self, o): return True
    def __hash__(self): return 1
def f(x):
    return A()
def g(x):
    return A()
# --- tests ---
from copy import deepcopy, copy
assert deepcopy(f(1)) == deepcopy(g(2))
