# attack: constants of one value, read by operator.attrgetter
# verdict: untested
class Code:
    ok = 7
    bad = 7


def code(text):
    return 7
# --- tests ---
from operator import attrgetter


def test_code():
    wanted = [attrgetter(name)(Code) for name in ("ok", "bad")]
    assert [code("fine"), code("")] == wanted
