# attack: the clock set
# verdict: forbidden
import time
time.clock_settime(time.CLOCK_REALTIME, 0)
