# attack: a million empty frames on the status channel, while a thread answers the tests as it should
# verdict: runtime_error untested
import os, threading


def flood():
    while True:
        os.write(3, b"\0\0\0\2{}" * 1000)


threading.Thread(target=flood, daemon=True).start()


def add(a, b):
    return a + b


# --- tests ---
import time
for n in range(20):
    time.sleep(0.02)
    assert add(n, 2) == n + 2
