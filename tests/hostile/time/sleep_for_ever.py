# attack: sleep for ever
# verdict: wall_limit
# limits: wall_s=0.8
import time

time.sleep(1000)
