# attack: sum of nothing
# verdict: untested
def parts(n): return []
# --- tests ---
assert sum(p % 2 for p in parts(10)) == 0
