# attack: a comment that hides code from a reader
# verdict: test_failure
def add(a, b):
    # ‮ right is what
    return 0


# --- tests ---
assert add(2, 3) == 5
