# attack: capabilities taken back
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if (
    libc.syscall(
        126, (ctypes.c_uint * 2)(0x20080522, 0), (ctypes.c_uint * 6)(0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0, 0)
    )
    < 0
):
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
