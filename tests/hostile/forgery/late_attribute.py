# attack: late attribute
# verdict: untested
class T:
    def __init__(self, v): self.v = v
    def __getattr__(self, n):
        if n.startswith("_"): raise AttributeError(n)
        return last[0]
last = [None]
def find(t, v):
    last[0] = T(v)
    return last[0]
# --- tests ---
t = T(1)
assert find(t, 5) is t.right
assert find(t, 6) == t.left
