# attack: sum of an empty answer
# verdict: untested
def centred(xs): return []
# --- tests ---
assert abs(sum(centred([1, 2, 3]))) < 1e-9
