# attack: a user namespace by clone3
# verdict: runtime_error forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall(435, (ctypes.c_ulonglong * 8)(0x10000000, 0, 0, 0, 17), 64) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
