# attack: a forbidden call by int 0x80
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
import mmap

code = mmap.mmap(-1, 4096, prot=7)
code.write(
    b"\xb8\x67\x01\x00\x00\xbb\x02\x00\x00\x00\xb9\x01\x00\x00\x00\x31\xd2\xcd\x80\xc3"
)  # socketcall number 359, AF_INET
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
