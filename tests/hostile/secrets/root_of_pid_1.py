# attack: the root folder of pid 1
# verdict: forbidden
import os

os.listdir("/proc/1/root/")
