# attack: float nan valued
# verdict: untested
class F(float): pass
def f(x): return F("nan")
# --- tests ---
assert not f(1) > 5
assert not abs(f(1) - 2) > 1e-9
