# attack: System V semaphores
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.semget(77, 250, 0o1666)
