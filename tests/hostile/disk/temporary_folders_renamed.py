# attack: the writable folders moved away and closed
# verdict: forbidden
import os

try:
    os.chmod("/tmp", 0)
except PermissionError:
    os.rename("/tmp", "/tmp2")
