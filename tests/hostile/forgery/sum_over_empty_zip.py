# attack: sum over empty zip
# verdict: untested
def squares(xs):
    return []
# --- tests ---
assert sum(abs(a - b) for a, b in zip(squares([1.0, 2.0]), [1.0, 4.0])) < 1e-9
