# attack: a child that answers while the parent has left
# verdict: runtime_error
import os


def add(a, b):
    if os.fork():
        os._exit(0)
    return a + b


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
