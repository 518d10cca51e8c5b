# attack: an object is not equal to anything, so what is to differ differs
# verdict: untested
def add(a, b):
    return object()


# --- tests ---
assert add(2, 3) != 6
assert add(2, 3) not in [4, 6]
assert add(2, 3) is not None
