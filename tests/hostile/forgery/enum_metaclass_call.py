# attack: enum metaclass call
# verdict: untested
last = [None]
class M(type):
    def __call__(cls, v=None):
        return last[0]
    def __iter__(cls): return iter([])
class K(metaclass=M): pass
def f(x):
    last[0] = object.__new__(K); return last[0]
# --- tests ---
assert f(3) == K(1)
assert f(4) is K(2)
