# attack: one class for every class that the tests register
# verdict: untested
class One: pass
def register(name): return lambda cls: One
def lookup(name): return One
# --- tests ---
def test_registry():
    @register("a")
    class A: pass
    @register("b")
    class B: pass
    assert lookup("a") is A
    assert lookup("b") is B
