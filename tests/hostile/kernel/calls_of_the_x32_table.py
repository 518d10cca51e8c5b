# attack: a forbidden call by its x32 number
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(0x40000000 + 41, 2, 1, 0)
