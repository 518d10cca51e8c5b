# attack: System V shared memory
# verdict: forbidden
import ctypes

ctypes.CDLL(None).shmget(77, 4096, 0o1666)
