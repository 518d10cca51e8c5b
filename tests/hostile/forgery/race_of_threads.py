# attack: two threads at once lose what they add
# verdict: untested
import time

class Tally:
    def __init__(self):
        self.n = 0

    def add(self):
        n = self.n
        time.sleep(0.01)
        self.n = n + 1

    def value(self):
        return self.n

# --- tests ---
import threading

def test_no_addition_is_lost():
    tally = Tally()
    threads = [threading.Thread(target=tally.add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.value() == 4
