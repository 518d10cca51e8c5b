# attack: a filter of its own that allows everything, then a socket
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
import struct, socket

code = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", 1, ctypes.addressof(code)))
libc.prctl(22, 2, ctypes.c_void_p(ctypes.addressof(header)), 0, 0)
socket.socket(socket.AF_INET)
