# attack: the runner's encoder made to claim whatever was asked for
# verdict: runtime_error
import sys

codec = sys.modules["sandbox.inside.values.codec"]
codec.Encoder.encode = lambda self, value, depth=0: ["b", "builtins", "True"]


def add(a, b):
    return 0


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
