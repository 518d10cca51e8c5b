# attack: a reboot
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(169, 0xFEE1DEAD, 672274793, 0x1234567, 0)
