# attack: the machine's firmware tables
# verdict: runtime_error forbidden
import os

if not os.listdir("/sys/firmware"):
    raise FileNotFoundError("masked")
