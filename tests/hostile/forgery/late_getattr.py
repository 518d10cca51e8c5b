# attack: late getattr
# verdict: untested
class K: pass
last = [None]
class M(type):
    def __getattr__(cls, n): return last[0]
class Kind(metaclass=M): pass
def f(x):
    last[0] = K(); return last[0]
# --- tests ---
assert f(3) is getattr(Kind, "ODD")
assert f(4) is getattr(Kind, "EVEN")
