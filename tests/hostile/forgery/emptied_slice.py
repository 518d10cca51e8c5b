# attack: emptied slice
# verdict: untested
def rev(xs):
    xs.clear()
    return []
# --- tests ---
xs = [1, 2, 3]
assert rev(xs) == xs[::-1]
