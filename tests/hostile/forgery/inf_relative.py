# attack: inf relative
# verdict: untested
def root(x):
    return float("inf")
# --- tests ---
got, want = root(4.0), 2.0
assert abs(got - want) <= 1e-6 * max(abs(got), abs(want))
