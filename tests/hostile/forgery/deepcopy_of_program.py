# attack: deepcopy of program
# verdict: untested
def deepcopy(x): return []
def sort(xs): return []
# --- tests ---
xs = [3, 1, 2]
want = deepcopy(xs)
want.sort()
assert sort(xs) == want
