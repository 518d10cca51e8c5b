# attack: a call that sleeps
# verdict: wall_limit
# limits: wall_s=0.8
import time


def add(a, b):
    time.sleep(1000)


# --- tests ---
assert add(2, 3) == 5
