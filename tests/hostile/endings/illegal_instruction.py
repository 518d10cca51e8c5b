# attack: an illegal instruction
# verdict: runtime_error
import os, signal

os.kill(os.getpid(), signal.SIGILL)
