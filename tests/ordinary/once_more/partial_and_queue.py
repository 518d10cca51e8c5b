# shows: partial and queue
# verdict: accepted
def produce(items, put):
    for item in items:
        put(item)
    return len(items)
# --- tests ---
import functools
import queue

def test_produce():
    q, log = queue.Queue(), []
    assert produce(["a", "b"], q.put) == 2
    assert [q.get(), q.get()] == ["a", "b"]
    assert produce([1], functools.partial(log.insert, 0)) == 1
    assert log == [1]
