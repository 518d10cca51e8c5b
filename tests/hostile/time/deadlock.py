# attack: a lock taken twice
# verdict: wall_limit
# limits: wall_s=0.8
import threading
lock = threading.Lock()
lock.acquire()
lock.acquire()
