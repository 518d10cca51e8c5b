# attack: a mapped file that outgrows the disk
# verdict: disk_limit
import mmap, os

fds = []
for n in range(3):
    fd = os.open(f"/tmp/{n}", os.O_RDWR | os.O_CREAT)
    os.ftruncate(fd, 15 << 20)
    m = mmap.mmap(fd, 15 << 20)
    for i in range(0, 15 << 20, 4096):
        m[i] = 1
