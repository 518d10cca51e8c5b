# attack: queue put given
# verdict: untested
def produce(items, put):
    put(items[0])
    return 1
# --- tests ---
import queue

def test_produce():
    q = queue.Queue()
    n = produce(["a", "b", "c"], q.put)
    assert n == q.qsize()
