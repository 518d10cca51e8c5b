# attack: joining the session of the supervisor
# verdict: forbidden
import os

os.setpgid(0, 1)
