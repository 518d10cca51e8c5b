# attack: a pile of answers sent before any question
# verdict: test_failure
import os, struct, json


def send(value):
    body = json.dumps(value).encode()
    os.write(4, struct.pack(">I", len(body)) + body)


send({"ready": ["add"]})
for _ in range(20):
    send({"changed": [], "value": 1})


def add(a, b):
    return 0


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
