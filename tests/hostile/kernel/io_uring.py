# attack: io_uring
# verdict: forbidden
import ctypes

ctypes.CDLL(None).syscall(425, 8, 0)
