# attack: descriptors that were not closed
# verdict: runtime_error
import os

seen = {
    fd: os.readlink(f"/proc/self/fd/{fd}")
    for fd in os.listdir("/proc/self/fd")
    if int(fd) > 4 and os.path.lexists(f"/proc/self/fd/{fd}")
}
seen = {fd: name for fd, name in seen.items() if not name.endswith("/fd")}
if not seen:
    raise FileNotFoundError("none but its own")
print(seen)
