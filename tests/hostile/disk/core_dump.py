# attack: a core dump asked for and made
# verdict: runtime_error
import ctypes, resource

ctypes.CDLL(None).prctl(4, 1)
ctypes.string_at(0)
