# attack: a System V message queue
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.msgget(77, 0o1666)
