# attack: a POSIX message queue
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(240, b"x", 0o102, 0o666, None)
