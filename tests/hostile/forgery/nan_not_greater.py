# attack: nan not greater
# verdict: untested
def root(x):
    return float("nan")
# --- tests ---
def close(a, b):
    if abs(a - b) > 1e-6:
        raise AssertionError((a, b))
close(root(4.0), 2.0)
assert not abs(root(9.0) - 3.0) > 1e-6
