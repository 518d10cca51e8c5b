# attack: unmasking /proc
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.umount2(b"/proc", 2)
