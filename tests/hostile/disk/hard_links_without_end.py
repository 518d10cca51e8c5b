# attack: one file under names without end
# verdict: disk_limit
import os

open("/tmp/x", "w").close()
n = 0
while True:
    os.link("/tmp/x", f"/tmp/{n}")
    n += 1
