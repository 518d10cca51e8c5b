# attack: children that end and are never waited for
# verdict: process_limit
import os

while True:
    if os.fork() == 0:
        os._exit(0)
