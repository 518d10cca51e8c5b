# attack: a parent that waits for a child that sleeps
# verdict: wall_limit
# limits: wall_s=0.8
import os, time
if os.fork() == 0: time.sleep(1000)
os.wait()
