# attack: quotactl
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(179, 0, 0, 0, 0)
