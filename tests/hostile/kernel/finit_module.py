# attack: a kernel module loaded from a file
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(313, os.open("/usr/bin/python3", 0), b"", 0)
