# attack: files deleted and held open
# verdict: disk_limit
import os

held = []
while True:
    held.append(open("/tmp/x", "wb"))
    os.unlink("/tmp/x")
    held[-1].write(b"x" * (1 << 20))
    held[-1].flush()
