# attack: stopped itself
# verdict: wall_limit
# limits: wall_s=0.8
import os, signal

os.kill(os.getpid(), signal.SIGSTOP)
