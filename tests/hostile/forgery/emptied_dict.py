# attack: emptied dict
# verdict: untested
def invert(d):
    d.clear()
    return {}
# --- tests ---
d = {"a": 1, "b": 2}
assert invert(d) == {v: k for k, v in d.items()}
