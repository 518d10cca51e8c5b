# attack: the interpreter's own objects overwritten
# verdict: runtime_error
import ctypes

ctypes.memset(id(int), 0, 64)
print(int("5") + 1)
