# attack: late global
# verdict: untested
class K: pass
ODD = EVEN = None
def f(x):
    global ODD, EVEN
    ODD = EVEN = K(); return ODD
# --- tests ---
assert f(3) is ODD
assert f(4) is EVEN
