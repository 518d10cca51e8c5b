# attack: the network namespace of pid 1 joined
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
fd = os.open("/proc/self/ns/net", 0)
libc.setns(fd, 0)
