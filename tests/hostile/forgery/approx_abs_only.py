# attack: approx abs only
# verdict: test_failure
def f(x):
    return x + 0.9
# --- tests ---
import pytest
assert f(1000000.0) == pytest.approx(1000000.0, abs=0.1)
