# attack: whatever the run before it left
# verdict: runtime_error
import os

left = [
    os.path.join(f, n)
    for f in ("/tmp", "/dev/shm", "/box", "/box/work", "/dev/mqueue", "/var/tmp", "/run/lock")
    if os.path.isdir(f)
    for n in os.listdir(f)
    if n != "work"
]
for table in ("shm", "sem", "msg"):
    left += open("/proc/sysvipc/" + table).read().splitlines()[1:]
if not left:
    raise FileNotFoundError("nothing was left")
print(left)
