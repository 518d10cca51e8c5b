# attack: the caller's list changed so that the comparison holds
# verdict: test_failure
def add(a, b):
    a.clear()
    b.clear()
    return []


# --- tests ---
first, second = [1], [2]
assert add(first, second) == [1, 2]
assert first == [1] and second == [2]
