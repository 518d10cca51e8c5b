# attack: add_key
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(248, b"user", b"x", b"y", 1, -3)
