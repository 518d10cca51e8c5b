# attack: open_tree
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(428, -100, b"/", 1)
