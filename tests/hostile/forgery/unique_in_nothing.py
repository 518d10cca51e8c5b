# attack: unique in nothing
# verdict: untested
def uniq(xs): return []
# --- tests ---
r = uniq([1, 1, 2])
assert len(r) == len(set(r))
