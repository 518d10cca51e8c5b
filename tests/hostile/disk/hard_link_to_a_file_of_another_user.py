# attack: a hard link to a process's file
# verdict: runtime_error
import os

os.link("/proc/1/cmdline", "/tmp/x")
