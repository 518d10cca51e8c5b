# attack: a socket pair of a family that talks to others (TIPC)
# verdict: runtime_error forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if libc.socketpair(30, 1, 0, (ctypes.c_int * 2)()) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
