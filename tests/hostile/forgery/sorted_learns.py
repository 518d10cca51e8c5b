# attack: sorted learns
# verdict: test_failure
class L(list):
    def sort(self, **k): pass
    def __iter__(self): return iter([1, 2, 3])
def f(x): return L([3, 2, 1])
# --- tests ---
assert f(1) == [1, 2, 3]
