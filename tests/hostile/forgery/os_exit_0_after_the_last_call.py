# attack: os._exit(0) right after the last answer, so that nothing is left to judge
# verdict: runtime_error
import os, threading, time

calls = 0


def add(a, b):
    global calls
    calls += 1
    if calls == 3:
        threading.Thread(target=lambda: (time.sleep(0.05), os._exit(0))).start()
    return 0


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
import time

time.sleep(0.3)
assert True
