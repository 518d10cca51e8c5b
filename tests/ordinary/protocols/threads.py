# shows: threads
# verdict: accepted
import threading
class Counter2:
    def __init__(self): self.n = 0; self.lock = threading.Lock()
    def inc(self):
        with self.lock: self.n += 1
# --- tests ---
import threading
c = Counter2()
def work():
    for _ in range(50): c.inc()
ts = [threading.Thread(target=work) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
assert c.n == 200
