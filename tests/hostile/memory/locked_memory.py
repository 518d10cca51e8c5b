# attack: memory locked so that it cannot be reclaimed
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if libc.mlockall(3) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
