# attack: it was parsed already, so this is ignored: a time that is no number, one that no float holds
# verdict: runtime_error
import os, struct

for seconds in (b"1e999", b"NaN", b"9" * 4000, b"-1", b'"x"'):
    body = b'{"parsed":' + seconds + b',"syntax":{"line":' + seconds + b',"rule":[],"message":{}}}'
    os.write(3, struct.pack(">I", len(body)) + body)
raise ValueError("told")
# --- tests ---
assert add(1, 2) == 3
