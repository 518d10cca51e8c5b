# attack: performance counters
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(298, 0, 0, -1, -1, 0)
