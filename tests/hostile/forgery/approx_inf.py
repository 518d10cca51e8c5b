# attack: approx inf
# verdict: test_failure
def f(x):
    return 5
# --- tests ---
from pytest import approx
assert f(0) == approx(float("inf"))
