# attack: a child that prints after the parent ended
# verdict: untested
import os, time

if os.fork() == 0:
    time.sleep(0.2)
    print("late", flush=True)
    os._exit(0)
