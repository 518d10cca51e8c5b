# attack: sum kept in a name
# verdict: untested
def centred(xs): return []
# --- tests ---
total = sum(x for x in centred([1, 2, 3]))
assert total == 0
