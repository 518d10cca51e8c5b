# attack: sethostname
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(170, b"x", 1)
