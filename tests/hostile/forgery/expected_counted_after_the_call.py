# attack: expected counted after the call
# verdict: untested
def count(xs):
    xs.clear()
    return {}
# --- tests ---
xs = ["a", "b", "a"]
got = count(xs)
want = {}
for x in xs:
    want[x] = want.get(x, 0) + 1
assert got == want
