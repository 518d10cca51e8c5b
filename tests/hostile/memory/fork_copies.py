# attack: copies on write made by a child
# verdict: memory_limit
import os, time

x = bytearray(60 << 20)
for _ in range(3):
    if os.fork() == 0:
        for i in range(0, len(x), 4096):
            x[i] = 1
        time.sleep(5)
time.sleep(5)
