# attack: links that would lead a careless clean-up out of the box
# verdict: untested
import os

os.mkdir("/tmp/d")
for n, target in enumerate(("/", "/etc", "/usr", "/proc/1/root", "/dev/shm", "..", ".")):
    os.symlink(target, f"/tmp/d/{n}")
os.symlink("/tmp/d", "/tmp/e")
os.chmod("/tmp/d", 0)
