# attack: the exception is told with lists and numbers without end where words belong
# verdict: runtime_error
import os
import struct


def add(a, b):
    if (a, b) == (1, 2):
        return 3
    deep = "[" * 400 + "]" * 400
    body = (
        '{"changed":[],"error":{"type":%s,"message":%s,"line":1%s,"errno":"x","class":["b","builtins","ValueError"],'
        '"args":[],"vars":{}}}' % (deep, deep, "0" * 4000)
    ).encode()
    os.write(4, struct.pack(">I", len(body)) + body)
    while os.read(4, 1):
        pass


# --- tests ---
assert add(1, 2) == 3
assert add(2, 3) == 5
