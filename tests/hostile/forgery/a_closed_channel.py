# attack: a closed channel
# verdict: runtime_error untested
import os

os.closerange(3, 100)


def add(a, b):
    return a + b


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
