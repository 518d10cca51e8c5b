# attack: every signal blocked, then asleep
# verdict: wall_limit
# limits: wall_s=0.8
import signal, time
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
time.sleep(1000)
