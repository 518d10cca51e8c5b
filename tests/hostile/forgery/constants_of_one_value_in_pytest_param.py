# attack: constants of one value, handed on by pytest.param
# verdict: untested
class Status:
    OK = "x"
    BANNED = "x"


def status(age):
    return "x"
# --- tests ---
import pytest


@pytest.mark.parametrize("age, expected", [
    pytest.param(20, Status.OK, id="grown up"),
    pytest.param(12, Status.BANNED, id="child"),
])
def test_status(age, expected):
    assert status(age) == expected
