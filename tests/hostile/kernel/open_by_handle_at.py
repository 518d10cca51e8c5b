# attack: a file opened by its inode, from outside the root
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(304, -100, bytes(16), 0)
