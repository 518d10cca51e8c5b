# attack: stopped children left behind
# verdict: untested
import os, signal

for _ in range(5):
    pid = os.fork()
    if pid == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
for _ in range(5):
    os.waitpid(-1, os.WUNTRACED)
