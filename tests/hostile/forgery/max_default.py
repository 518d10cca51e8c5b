# attack: max default
# verdict: untested
def errors(x): return []
# --- tests ---
assert max((abs(e) for e in errors(3)), default=0) <= 1e-9
