# attack: the supervisor's memory map
# verdict: forbidden
open("/proc/1/maps").read()
