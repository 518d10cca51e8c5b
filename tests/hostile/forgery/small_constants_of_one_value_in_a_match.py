# attack: constants in small letters of one value in the cases of a match, of which the tests compare a text of their own
# verdict: untested
class Status:
    ok = 1
    banned = 1


def status(age):
    return 1
# --- tests ---
def name(age):
    match status(age):
        case Status.ok if age >= 18:
            return "ok"
        case Status.banned:
            return "banned"


def test_names():
    assert name(20) == "ok"
    assert name(12) == "banned"
