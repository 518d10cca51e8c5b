# attack: the output pipe made a megabyte, then flooded
# verdict: output_limit
import fcntl, os

fcntl.fcntl(1, 1031, 1 << 20)
while True:
    os.write(1, b"x" * 65536)
