# attack: an answer that takes for ever to print
# verdict: test_failure
def add(a, b):
    return 1 << 4_000_000


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
