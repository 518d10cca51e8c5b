# attack: CPU time spent in children too short to be sampled
# verdict: time_limit
# limits: cpu_s=0.4
import os
while True:
    pid = os.fork()
    if pid == 0:
        sum(range(20000))
        os._exit(0)
    os.waitpid(pid, 0)
