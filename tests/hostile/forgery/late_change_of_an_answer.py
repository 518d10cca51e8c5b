# attack: a list that is handed over empty and filled by a thread later
# verdict: test_failure
import threading, time


def add(a, b):
    result = []
    threading.Thread(target=lambda: (time.sleep(0.02), result.extend([a, b]))).start()
    return result


# --- tests ---
got = add([1], [2])
import time

time.sleep(0.1)
assert got == [1, 2]
assert len(got) == 2
