# attack: argument cleared
# verdict: untested
def sort(xs):
    xs.clear()
    return xs
# --- tests ---
xs = [3, 1, 2]
assert sort(xs) == sorted(xs)
