# attack: space reserved instead of written
# verdict: disk_limit
import os

for n in range(100):
    fd = os.open(f"/tmp/{n}", os.O_RDWR | os.O_CREAT)
    os.posix_fallocate(fd, 0, 1 << 20)
