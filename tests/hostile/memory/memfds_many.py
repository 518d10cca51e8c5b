# attack: many memory files, each small enough
# verdict: memory_limit
import os

while True:
    fd = os.memfd_create("x")
    for _ in range(8):
        os.write(fd, b"x" * (1 << 20))
