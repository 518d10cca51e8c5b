# attack: fork bomb
# verdict: process_limit
import os

while True:
    os.fork()
