# attack: the supervisor's own functions called from the program
# verdict: test_failure
import sys

sys.modules["sandbox.inside.supervisor"].wire.send(1, {"facts": {"done": {"calls": 3, "broken": None, "script": None}}})
sys.modules["sandbox.inside.supervisor"]._kill_all()


def add(a, b):
    return 0


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
