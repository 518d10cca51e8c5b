# attack: busy loop in children
# verdict: time_limit
# limits: cpu_s=0.4
import os, time
for _ in range(3):
    if os.fork() == 0:
        while True: pass
time.sleep(60)
