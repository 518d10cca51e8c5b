# shows: a function judged by its tests
# verdict: accepted
def add(a, b):
    return a + b
# --- tests ---
assert add(1, 2) == 3
assert add(-1, 1) == 0
