# attack: memory of pid 1
# verdict: forbidden
open("/proc/1/mem", "rb")
