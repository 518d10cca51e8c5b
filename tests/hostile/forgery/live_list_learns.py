# attack: live list learns
# verdict: test_failure untested
class L(list):
    def __contains__(self, v):
        self.append(v); return True
def f(x): return L()
# --- tests ---
r = f(1)
assert 3 in r
assert 4 in r
assert r == [3, 4]
