# attack: pivot_root
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(155, b"/tmp", b"/tmp")
