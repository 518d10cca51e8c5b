# attack: a registry in whose place one object stands
# verdict: untested
class K: pass
ONE = K()
def register(name):
    def deco(cls): return ONE
    return deco
def lookup(name): return ONE
# --- tests ---
def test_registry():
    @register("a")
    class A: pass
    @register("b")
    class B: pass
    assert lookup("a") is A
    assert lookup("b") is B
