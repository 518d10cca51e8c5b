# attack: a kernel module removed
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(176, b"overlay", 0)
