# attack: keyctl
# verdict: forbidden
import ctypes

ctypes.CDLL(None).syscall(250, 0, 0)
