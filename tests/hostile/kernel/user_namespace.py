# attack: user namespace
# verdict: forbidden
import ctypes

ctypes.CDLL(None).unshare(0x10000000)
