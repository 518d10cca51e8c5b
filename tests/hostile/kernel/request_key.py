# attack: request_key
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(249, b"user", b"x", None, -3)
