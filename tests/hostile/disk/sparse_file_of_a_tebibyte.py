# attack: a file of a tebibyte without content
# verdict: disk_limit
import os

with open("/tmp/x", "wb") as f:
    os.truncate(f.fileno(), 1 << 40)
