# attack: a memory file that grows
# verdict: disk_limit
import os

fd = os.memfd_create("x")
while True:
    os.write(fd, b"x" * (1 << 20))
