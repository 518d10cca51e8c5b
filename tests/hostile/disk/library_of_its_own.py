# attack: a shared library on the disk loaded
# verdict: runtime_error
import ctypes, glob, shutil

shutil.copy(glob.glob("/lib/x86_64-linux-gnu/libm.so*")[0], "/tmp/x.so")
ctypes.CDLL("/tmp/x.so")
