# attack: a reply that names exec
# verdict: runtime_error
import os, struct, json

body = json.dumps({"changed": [], "value": ["b", "builtins", "exec"]}).encode()


def add(a, b):
    os.write(4, struct.pack(">I", len(body)) + body)
    return 0


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
