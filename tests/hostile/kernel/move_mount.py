# attack: move_mount
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(429, -100, b"/", -100, b"/tmp", 0)
