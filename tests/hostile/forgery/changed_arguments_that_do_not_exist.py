# attack: changes to containers the tests never sent
# verdict: runtime_error
import os, struct, json


def add(a, b):
    body = json.dumps({"changed": [[7, ["l", 5]]], "value": 5}).encode()
    os.write(4, struct.pack(">I", len(body)) + body)
    return 5


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
