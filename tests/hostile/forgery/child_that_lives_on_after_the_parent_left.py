# attack: child that lives on after the parent left
# verdict: runtime_error
import os, time

if os.fork():
    os._exit(0)
time.sleep(0.2)
print("OK")


def add(a, b):
    return a + b


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
