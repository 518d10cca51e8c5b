# attack: the entry point is `bool`, true of everything
# verdict: test_failure
add = lambda a, b: bool
# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
