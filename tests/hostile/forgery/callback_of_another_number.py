# attack: a callback the tests never handed over
# verdict: runtime_error
import os, struct, json


def send(value):
    body = json.dumps(value).encode()
    os.write(4, struct.pack(">I", len(body)) + body)


def add(a, b):
    send({"op": "call", "fn": 99, "args": [], "kw": {}})
    return 5


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
