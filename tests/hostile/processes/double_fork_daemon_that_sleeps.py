# attack: double fork daemon that sleeps
# verdict: untested
import os, time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(100)
    os._exit(0)
