# attack: the descriptor table of old i386 programs
# verdict: untested runtime_error forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall(154, 1, (ctypes.c_uint * 4)(0, 0, 0xFFFFF, 0x51), 16) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
