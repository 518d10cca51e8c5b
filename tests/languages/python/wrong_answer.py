# shows: a function that its tests refuse
# verdict: test_failure
def add(a, b):
    return a - b
# --- tests ---
assert add(1, 2) == 3
assert add(-1, 1) == 0
