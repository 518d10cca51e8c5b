# attack: ptrace
# verdict: forbidden
import ctypes

ctypes.CDLL(None).ptrace(16, 1, 0, 0)
