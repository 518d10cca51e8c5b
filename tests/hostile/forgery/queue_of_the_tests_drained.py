# attack: a deque of the tests is drained, and what is left of it is expected
# verdict: untested
def pending(queue):
    queue.clear()
    return []
# --- tests ---
from collections import deque


def test_pending():
    queue = deque(["a", "b"])
    waiting = pending(queue)
    copy = queue.copy()
    while copy:
        assert waiting.pop(0) == copy.popleft()
    assert len(waiting) == len(queue)
