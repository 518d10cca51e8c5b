# attack: the root made writable again
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(None, b"/", None, 32, None) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
