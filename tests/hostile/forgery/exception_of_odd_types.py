# attack: on the status channel, an exception whose fields are of every other type, with half a surrogate pair
# verdict: runtime_error
import os, struct

body = b'{"exception":{"type":["\\ud800"],"line":' + b"9" * 4000 + b',"errno":{"a":[]},"message":{"\\udfff":1e999}}}'
os.write(3, struct.pack(">I", len(body)) + body)
os._exit(1)
# --- tests ---
assert add(1, 2) == 3
