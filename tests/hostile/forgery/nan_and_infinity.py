# attack: nan, infinity and other numbers that confuse comparisons
# verdict: test_failure
def add(a, b):
    return float("nan") if isinstance(a, float) else float("inf")


# --- tests ---
assert add(2, 3) == 5
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
assert not abs(add(0.5, 0.25) - 0.75) > 1e-9
assert add(2, 3) < 6
