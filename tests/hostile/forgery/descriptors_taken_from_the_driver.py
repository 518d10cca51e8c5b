# attack: the result pipe fetched with pidfd_getfd
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None)
for pid in (int(p) for p in os.listdir("/proc") if p.isdigit()):
    if pid != os.getpid():
        fd = libc.syscall(434, pid, 0)
        libc.syscall(438, fd, 3, 0)


def add(a, b):
    return a + b


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
