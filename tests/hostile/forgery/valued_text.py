# attack: valued text
# verdict: test_failure
class S(str):
    def __str__(self): return last[0]
    __repr__ = __str__
last = ["zz"]
def f(x): return S("q")
# --- tests ---
assert f(1) == "ab"
assert str(f(1)) == "ab"
