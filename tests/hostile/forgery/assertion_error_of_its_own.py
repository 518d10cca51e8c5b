# attack: raising AssertionError of its own, where tests expect an error
# verdict: runtime_error
def add(a, b):
    raise AssertionError


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
