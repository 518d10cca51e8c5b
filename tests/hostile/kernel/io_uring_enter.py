# attack: io_uring_enter
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(426, 0, 0, 0, 0, 0, 0)
