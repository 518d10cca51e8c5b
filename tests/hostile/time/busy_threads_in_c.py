# attack: threads that compute without the interpreter's lock
# verdict: time_limit
# limits: cpu_s=0.4
import hashlib, threading
for _ in range(4): threading.Thread(target=hashlib.pbkdf2_hmac, args=('sha256', b'x', b'y', 10**9)).start()
