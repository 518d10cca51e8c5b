# attack: address randomisation switched off
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if libc.personality(0x0040000) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
