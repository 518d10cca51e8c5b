# attack: three hundred processes, one after the other
# verdict: untested
# limits: cpu_s=4 wall_s=10
import os

for _ in range(300):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
