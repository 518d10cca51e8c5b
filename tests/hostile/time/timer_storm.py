# attack: a timer every microsecond
# verdict: time_limit
# limits: cpu_s=0.3 wall_s=5
import signal

signal.signal(signal.SIGALRM, lambda *a: None)
signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
while True:
    signal.pause()
