# attack: flood on stderr from a child
# verdict: output_limit
import os

os.fork()
while True:
    os.write(2, b"x" * 60000)
