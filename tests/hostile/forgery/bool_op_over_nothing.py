# attack: bool op over nothing
# verdict: untested
def squares(xs):
    return []
# --- tests ---
assert isinstance(squares([1, 2]), list) and all(v > 0 for v in squares([1, 2]))
