# attack: another kernel started
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(246, 0, 0, 0, 0)
