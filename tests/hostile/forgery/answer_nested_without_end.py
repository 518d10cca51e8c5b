# attack: an answer of a hundred thousand brackets
# verdict: runtime_error
import os, struct


def add(a, b):
    body = b"[" * 100000
    os.write(4, struct.pack(">I", len(body)) + body)
    return 5


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
