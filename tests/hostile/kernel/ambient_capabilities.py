# attack: ambient capabilities raised
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(47, 2, 21, 0, 0) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
