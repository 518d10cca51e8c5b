# attack: its own input written without end
# verdict: disk_limit
import os

while True:
    os.write(0, b"x" * 65536)
