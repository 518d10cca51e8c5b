# attack: a parent held uninterruptible by vfork
# verdict: wall_limit
# limits: wall_s=0.8
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(1, 9)
if libc.syscall(58) == 0:
    libc.syscall(35, (ctypes.c_long * 2)(100, 0), None)
    libc._exit(0)
