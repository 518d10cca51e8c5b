# attack: tests that wait in a queue of theirs for what a thread of the program puts there
# verdict: untested
import threading
def start(put, n):
    threading.Thread(target=lambda: None).start()
# --- tests ---
import queue
import pytest
from solution import start
def test_start():
    q = queue.Queue()
    start(q.put, 3)
    try:
        assert q.get(timeout=0.05) == 9
    except queue.Empty:
        pass
    assert q.empty()
