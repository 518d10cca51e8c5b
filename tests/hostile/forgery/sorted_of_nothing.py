# attack: sorted of nothing
# verdict: untested
def sort(xs): return []
# --- tests ---
r = sort([3, 1, 2])
assert r == sorted(r)
