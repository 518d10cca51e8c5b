# attack: never called
# verdict: untested
def add(a, b):
    return 0
# --- tests ---
assert 1 + 1 == 2
