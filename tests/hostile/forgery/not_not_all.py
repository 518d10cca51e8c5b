# attack: not not all
# verdict: untested
def f(x): return []
# --- tests ---
assert not not all(v > 0 for v in f(3))
assert (all(v > 0 for v in f(3)) if True else False)
