# attack: a program on the disk started by the dynamic loader
# verdict: runtime_error
import shutil, os

shutil.copy("/bin/true", "/tmp/x")
os.execv("/lib64/ld-linux-x86-64.so.2", ["ld.so", "/tmp/x"])
