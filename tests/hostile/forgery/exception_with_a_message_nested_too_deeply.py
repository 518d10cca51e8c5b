# attack: on the status channel, an exception with a message nested 985 deep, which the watcher could repeat and the host not read
# verdict: runtime_error
import os, struct

body = b'{"exception":{"type":"X","line":null,"errno":null,"message":' + b'[' * 985 + b']' * 985 + b"}}"
os.write(3, struct.pack(">I", len(body)) + body)
os._exit(1)
# --- tests ---
assert add(1, 2) == 3
