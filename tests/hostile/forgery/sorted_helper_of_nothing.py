# attack: sorted helper of nothing
# verdict: untested
def sort(xs): return []
# --- tests ---
def is_sorted(xs):
    return xs == sorted(xs)
assert is_sorted(sort([3, 1, 2]))
