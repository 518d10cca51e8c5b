# attack: accumulate of program
# verdict: untested
def accumulate(xs): return []
def prefix(xs): return []
# --- tests ---
assert prefix([3, 1, 2]) == list(accumulate([3, 1, 2]))
