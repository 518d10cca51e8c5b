# attack: every builtin thrown away
# verdict: runtime_error
import builtins


def add(a, b):
    return 0


builtins.__dict__.clear()
# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
