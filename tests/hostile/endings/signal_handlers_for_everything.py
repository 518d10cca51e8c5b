# attack: every signal caught
# verdict: untested
import signal

for n in range(1, 65):
    try:
        signal.signal(n, lambda *a: None)
    except (OSError, ValueError):
        pass
import os

for n in (1, 2, 3, 10, 12, 14, 15, 17):
    os.kill(os.getpid(), n)
