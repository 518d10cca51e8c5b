# attack: process_vm_readv
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(310, 1, 0, 0, 0, 0, 0)
