# shows: a thread at a time
# verdict: accepted
import threading
class Counter2:
    def __init__(self): self.n = 0; self.lock = threading.Lock()
    def inc(self):
        with self.lock: self.n += 1
# --- tests ---
import threading
from concurrent.futures import ThreadPoolExecutor
c = Counter2()
def work():
    for _ in range(50): c.inc()
for _ in range(2):
    t = threading.Thread(target=work)
    t.start()
    t.join()
with ThreadPoolExecutor(1) as pool:
    pool.submit(work).result()
assert c.n == 150
