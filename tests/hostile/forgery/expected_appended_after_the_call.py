# attack: expected appended after the call
# verdict: untested
def rev(xs):
    xs.clear()
    return xs
# --- tests ---
got, want = [], []
for case in ([1, 2], [3, 4, 5]):
    got.append(rev(case))
    want.append(case[::-1])
assert got == want
