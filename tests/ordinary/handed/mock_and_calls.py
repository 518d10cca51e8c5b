# shows: a mock of the tests
# verdict: accepted
def notify(users, send):
    sent = 0
    for user in users:
        if user["active"]:
            send(user["mail"])
            user["notified"] = True
            sent += 1
    return sent
# --- tests ---
from unittest.mock import Mock, call


def test_notify():
    users = [{"mail": "a@x", "active": True}, {"mail": "b@x", "active": False}]
    send = Mock()
    assert notify(users, send) == 1
    send.assert_called_once_with("a@x")
    assert send.call_args_list == [call("a@x")]
    assert users[0]["notified"] is True
    assert "notified" not in users[1]
