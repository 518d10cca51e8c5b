# attack: threads in forked children
# verdict: process_limit
import os, threading, time

for _ in range(3):
    os.fork()
try:
    while True:
        threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
except RuntimeError:
    pass
time.sleep(0.5)
