# attack: fsopen
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(430, b"tmpfs", 0)
