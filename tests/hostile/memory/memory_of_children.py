# attack: memory of children
# verdict: memory_limit process_limit
import os

for _ in range(6):
    os.fork()
x = bytearray(40 << 20)
for i in range(0, len(x), 4096):
    x[i] = 1
import time

time.sleep(1)
