# attack: POSIX timers until there are no more
# verdict: runtime_error
# limits: cpu_s=2 wall_s=5
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
t = ctypes.c_void_p()
while True:
    if libc.timer_create(0, None, ctypes.byref(t)) < 0:
        raise OSError(ctypes.get_errno(), "no more timers")
