# attack: chained nan
# verdict: untested
def f(x): return float("nan")
# --- tests ---
assert not (f(1) < 0 or f(1) > 1)
assert not 0 > f(1)
