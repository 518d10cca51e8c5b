# attack: event set by the program
# verdict: untested
def schedule(job):
    job()
    return True
# --- tests ---
import threading

def test_schedule():
    done = threading.Event()
    ran = schedule(done.set)
    assert ran == done.is_set()
