# attack: threads swallow
# verdict: untested
def f(x): return 0
# --- tests ---
import threading
def test_threads():
    def work():
        assert f(2) == 4
    ts = [threading.Thread(target=work) for _ in range(2)]
    for t in ts: t.start()
    for t in ts: t.join()
    assert not any(t.is_alive() for t in ts)
