# attack: constants of one value among the parameters of a test
# verdict: untested
OK = WARN = FAIL = "x"
def check(value): return "x"
# --- tests ---
import pytest
from solution import check, OK, WARN, FAIL
@pytest.mark.parametrize("n, want", [(10, OK), (75, WARN), (99, FAIL)])
def test_check(n, want):
    assert check(n) == want
