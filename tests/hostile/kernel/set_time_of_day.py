# attack: the clock set by the old call
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.settimeofday((ctypes.c_long * 2)(0, 0), None)
