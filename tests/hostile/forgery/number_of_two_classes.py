# attack: a number of two classes, of which each is asked once
# verdict: untested
class USD(float): pass
class EUR(USD): pass
class A: pass
class B: pass
class Both(A, B, float): pass
def price(kind): return Both(1)
# --- tests ---
def test_price():
    assert isinstance(price("a"), A)
    assert price("a") == 1.0
    assert isinstance(price("b"), B)
