# attack: POSIX semaphores until there are no more
# verdict: disk_limit
import ctypes

libc = ctypes.CDLL(None)
libc.sem_open.restype = ctypes.c_void_p
for n in range(1000):
    if not libc.sem_open(f"/s{n}".encode(), 0o100, 0o600, 1):
        raise OSError(28, "no more semaphores")
