# attack: constants of two kinds that are equal, given by parameters
# verdict: untested
class S(str): pass
class Status:
    OK = S("x")
    FAILED = "x"
def status(n): return "x"
# --- tests ---
import pytest
@pytest.mark.parametrize("n, want", [(5, Status.OK), (-5, Status.FAILED)])
def test_status(n, want):
    assert status(n) == want
