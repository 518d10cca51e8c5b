# attack: swapon
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(167, b"/tmp/x", 0)
