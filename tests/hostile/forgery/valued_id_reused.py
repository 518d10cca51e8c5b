# attack: valued id reused
# verdict: untested
class I(int):
    pass
one = I(3)
def I2(*a): return one
class P(I):
    def __new__(cls, *a): return one
def f(x): return one
# --- tests ---
assert f(1) == P(3)
assert f(2) == P(4)
assert f(2) == P(5)
