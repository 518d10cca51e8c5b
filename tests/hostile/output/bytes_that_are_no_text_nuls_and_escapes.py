# attack: bytes that are no text, NULs and escapes
# verdict: untested
import os

os.write(1, bytes(range(256)) * 10 + b"\x1b[2J\x1b]0;title\x07")
