# attack: the working folder and program of the other processes
# verdict: forbidden
import os

for pid in os.listdir("/proc"):
    if pid.isdigit() and int(pid) != os.getpid():
        os.readlink(f"/proc/{pid}/cwd")
