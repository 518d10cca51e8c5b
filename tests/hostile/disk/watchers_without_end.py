# attack: inotify instances until there are no more
# verdict: runtime_error
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if min(libc.inotify_init() for _ in range(300)) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
