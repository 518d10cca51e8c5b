# attack: one label for all members of an enum, reached by a parameter
# verdict: untested
from enum import Enum
class Status(Enum):
    OK = 1
    FAILED = 2
    label = property(lambda self: "x")
def status(n): return "x"
# --- tests ---
import pytest
@pytest.mark.parametrize("n, want", [(5, Status.OK), (-5, Status.FAILED)])
def test_status(n, want):
    assert status(n) == want.label
