# attack: exec of an interpreter that inherits the channel and answers what it likes
# verdict: test_failure
import os

os.set_inheritable(3, True)
os.set_inheritable(4, True)
ANSWER = """
import os, struct, json
def send(value):
    body = json.dumps(value).encode()
    os.write(4, struct.pack(">I", len(body)) + body)
send({"ready": ["add"]})
for _ in range(6):
    os.read(4, 65536)
    send({"changed": [], "value": True})
"""
os.execv("/usr/bin/python3", ["python3", "-c", ANSWER])
# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
