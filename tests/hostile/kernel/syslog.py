# attack: the kernel's log
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(103, 3, ctypes.create_string_buffer(4096), 4096)
