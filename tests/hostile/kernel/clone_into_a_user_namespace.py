# attack: a user namespace by clone instead of unshare
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
