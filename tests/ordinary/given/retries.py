# shows: a function of the tests that fails twice
# verdict: accepted
def retry(function, times):
    for left in range(times, 0, -1):
        try:
            return function()
        except ConnectionError:
            if left == 1:
                raise
# --- tests ---
import pytest


def test_retry():
    attempts = {"n": 0}

    def flaky():
        attempts["n"] += 1
        if attempts["n"] < 3:
            raise ConnectionError("down")
        return "up"

    assert retry(flaky, 5) == "up"
    assert attempts["n"] == 3


def test_gives_up():
    count = 0

    def down():
        nonlocal count
        count += 1
        raise ConnectionError("down")

    with pytest.raises(ConnectionError):
        retry(down, 2)
    assert count == 2
