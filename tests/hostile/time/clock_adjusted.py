# attack: the clock's rate adjusted
# verdict: forbidden
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = (ctypes.c_long * 64)()
buffer[0] = 1
if libc.adjtimex(buffer) < 0: raise OSError(ctypes.get_errno(), 'refused')
