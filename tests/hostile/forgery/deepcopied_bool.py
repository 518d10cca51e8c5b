# attack: deepcopied bool
# verdict: untested
class A:
    def __bool__(self): return True
def f(x):
    return A()
# --- tests ---
from copy import deepcopy
x = deepcopy(f(1))
assert x
