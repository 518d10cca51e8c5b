# attack: each of many cases writes all that is kept of both streams: together more than one frame to the host
# verdict: output_limit
# limits: output_bytes=6000000 wall_s=10 cpu_s=5
# cases: [["1", "1"], ["1", "1"], ["1", "1"], ["1", "1"], ["1", "1"], ["1", "1"], ["1", "1"], ["1", "1"]]
import os

for fd in (1, 2):
    os.write(fd, b"1" + b" " * 5_900_000)
