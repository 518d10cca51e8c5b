# attack: the supervisor's environment
# verdict: forbidden
open("/proc/1/environ").read()
