# attack: AF_UNIX in the low half of the register and another domain above it
# verdict: untested
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
fd = libc.syscall(41, ctypes.c_long((2 << 32) | 1), ctypes.c_long(1), ctypes.c_long(0))
import socket

assert socket.socket(fileno=fd).family == socket.AF_UNIX
