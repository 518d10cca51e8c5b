# attack: constants of one value in the list that answers are compared with
# verdict: untested
class Status:
    ACTIVE = BANNED = GUEST = 0
def status(user): return 0
# --- tests ---
from solution import Status, status
def test_status():
    users = [{"name": "a"}, {"banned": True}, {}]
    assert [status(u) for u in users] == [Status.ACTIVE, Status.BANNED, Status.GUEST]
