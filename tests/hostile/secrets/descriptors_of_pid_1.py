# attack: descriptors of pid 1
# verdict: forbidden
import os

os.listdir("/proc/1/fd")
