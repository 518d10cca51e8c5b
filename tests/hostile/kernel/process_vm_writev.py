# attack: process_vm_writev
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(311, 1, 0, 0, 0, 0, 0)
