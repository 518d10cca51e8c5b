# attack: three hundred processes, one after the other
# verdict: untested
import os

for _ in range(300):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
