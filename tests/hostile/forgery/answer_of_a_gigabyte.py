# attack: a frame that announces more than a frame may hold
# verdict: runtime_error
import os, struct


def add(a, b):
    os.write(4, struct.pack(">I", 0xFFFFFFFF))
    return 5


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
