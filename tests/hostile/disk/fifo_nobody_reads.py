# attack: a pipe by name that nobody reads
# verdict: wall_limit
# limits: wall_s=0.8
import os

os.mkfifo("/tmp/x")
open("/tmp/x", "w")
