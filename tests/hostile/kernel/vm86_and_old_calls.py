# attack: system calls nobody has used for years
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if max(libc.syscall(n, 0, 0, 0, 0) for n in (134, 136, 139, 156, 174, 177, 178, 180, 212)) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
