# attack: a frame that stops in the middle
# verdict: wall_limit
# limits: wall_s=0.8
import os, struct, time


def add(a, b):
    os.write(4, struct.pack(">I", 100) + b"{")
    time.sleep(60)


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
