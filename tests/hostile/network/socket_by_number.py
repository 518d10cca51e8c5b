# attack: a socket made by the bare system call, domain 2 in the upper half ignored
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(41, ctypes.c_long((7 << 32) | 2), ctypes.c_long(1), ctypes.c_long(0))
