# shows: calls counted by a function attribute
# verdict: accepted
def retry(task, times):
    for _ in range(times):
        try:
            return task()
        except ValueError:
            pass
    raise RuntimeError("gave up")
# --- tests ---
import pytest
from solution import retry

def test_retry():
    def flaky():
        flaky.calls += 1
        if flaky.calls < 3:
            raise ValueError("no")
        return "done"
    flaky.calls = 0
    assert retry(flaky, 5) == "done"
    assert flaky.calls == 3

def test_gives_up():
    def broken():
        raise ValueError("no")
    with pytest.raises(RuntimeError, match="gave up"):
        retry(broken, 2)
