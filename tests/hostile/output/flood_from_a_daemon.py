# attack: a daemon that floods while its parent sleeps
# verdict: output_limit
import os, time

if os.fork() == 0:
    os.setsid()
    while True:
        os.write(1, b"x" * 4096)
time.sleep(60)
