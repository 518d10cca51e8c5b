# attack: len of emptied
# verdict: untested
def take(xs, n):
    xs.clear(); return []
# --- tests ---
xs = list(range(10))
got = take(xs, 3)
want = xs[:3]
assert got == want
