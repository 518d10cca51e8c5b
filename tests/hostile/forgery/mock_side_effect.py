# attack: mock side effect
# verdict: untested
def notify(send, users):
    send(users[0])
    return 1
# --- tests ---
from unittest.mock import Mock

def test_notify():
    send = Mock()
    assert notify(send, ["ann", "bob"]) == send.call_count
