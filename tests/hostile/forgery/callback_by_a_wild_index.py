# attack: a callback whose number is no number
# verdict: runtime_error
import os, struct, json


def add(a, b):
    body = json.dumps({"op": "call", "fn": "__class__", "args": [["h", 0, None]], "kw": {"self": 1}}).encode()
    os.write(4, struct.pack(">I", len(body)) + body)
    return 5


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
