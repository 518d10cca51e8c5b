# attack: queued signals to pid 1 and to itself
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
for _ in range(50000):
    libc.sigqueue(os.getpid(), 40, 0)
if libc.sigqueue(1, 40, 0) < 0:
    raise OSError(ctypes.get_errno(), "refused")
