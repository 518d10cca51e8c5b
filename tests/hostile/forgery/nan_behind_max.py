# attack: nan behind max
# verdict: untested
def f(xs): return [1.0, float("nan")]
# --- tests ---
assert max(abs(a - b) for a, b in zip(f([1, 2]), [1.0, 4.0])) < 1e-9
