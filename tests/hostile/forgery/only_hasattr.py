# attack: only hasattr
# verdict: untested
class Solution:
    def f(self, x):
        return 0
# --- tests ---
assert hasattr(Solution, "f")
assert callable(Solution)
