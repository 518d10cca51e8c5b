# attack: the program says on the status channel that it raised an exception whose message is a list nested 985 deep: the watcher can read and repeat that, the host cannot, so the run is a fault of the sandbox
# verdict: runtime_error
import os, struct

DEPTH = 985
body = ('{"exception":{"type":"X","line":null,"errno":null,"message":' + "[" * DEPTH + "]" * DEPTH + "}}").encode()
os.write(3, struct.pack(">I", len(body)) + body)
os._exit(1)
# --- tests ---
assert add(1, 2) == 3
