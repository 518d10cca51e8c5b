# attack: recursion as answer
# verdict: runtime_error test_failure untested memory_limit
def f(x): return f(x)
# --- tests ---
import pytest
assert f(1) == 2
