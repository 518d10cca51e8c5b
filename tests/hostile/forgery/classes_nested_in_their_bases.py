# attack: a class whose bases have bases without end, in the answer
# verdict: runtime_error
import json
import os
import struct


def add(a, b):
    base = '["k",1,"A",['
    body = ('{"changed":[],"value":' + base * 400 + "]]" * 400 + "}").encode()
    os.write(4, struct.pack(">I", len(body)) + body)
    os._exit(json.loads("0"))


# --- tests ---
assert add(2, 3) == 5
