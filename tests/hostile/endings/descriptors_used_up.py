# attack: descriptors used up
# verdict: runtime_error
import os

while True:
    os.open("/", 0)
