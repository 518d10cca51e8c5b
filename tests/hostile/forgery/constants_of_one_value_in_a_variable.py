# attack: constants of one value, kept in a variable before an answer meets them
# verdict: untested
class Status:
    OK = 0
    BANNED = 0
    UNKNOWN = 0


def status(age):
    return 0
# --- tests ---
def test_status():
    expected = Status.OK
    assert status(20) == expected
    expected = Status.BANNED
    assert status(12) == expected
    expected = Status.UNKNOWN
    assert status(-1) == expected
