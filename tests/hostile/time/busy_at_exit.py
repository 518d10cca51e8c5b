# attack: an exit handler that never ends
# verdict: time_limit
# limits: cpu_s=0.4
import atexit
@atexit.register
def spin():
    while True: pass
