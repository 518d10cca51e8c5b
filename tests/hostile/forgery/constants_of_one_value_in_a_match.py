# attack: constants of one value in the cases of a match
# verdict: untested
class Status:
    OK = 1
    BANNED = 1


def status(age):
    return 1
# --- tests ---
def test_ok():
    match status(20):
        case Status.OK:
            found = "ok"
        case _:
            found = "other"
    assert found == "ok"


def test_banned():
    match status(12):
        case Status.BANNED:
            found = "banned"
        case _:
            found = "other"
    assert found == "banned"
