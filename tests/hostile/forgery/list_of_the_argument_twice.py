# attack: it empties what is expected twice
# verdict: untested
def pair(xs):
    xs.clear()
    return [[], []]

# --- tests ---
xs = [1, 2]
assert pair(xs) == [xs, xs]
