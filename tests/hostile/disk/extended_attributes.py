# attack: data hidden in extended attributes
# verdict: disk_limit runtime_error
import os

open("/tmp/x", "w").close()
n = 0
while True:
    os.setxattr("/tmp/x", f"user.{n}", b"x" * 60000)
    n += 1
