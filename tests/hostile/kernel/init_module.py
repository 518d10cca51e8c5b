# attack: a kernel module loaded
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(175, b"\x7fELF", 4, b"")
