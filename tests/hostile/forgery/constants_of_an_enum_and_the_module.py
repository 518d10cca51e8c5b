# attack: a member of an enum and a number that are equal
# verdict: untested
from enum import IntEnum
class Code(IntEnum):
    OK = 1
FAILED = 1
def code(n): return 1
# --- tests ---
from solution import code, Code, FAILED
def test_code():
    assert code(5) == Code.OK
    assert code(-5) == FAILED
