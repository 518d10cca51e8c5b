# attack: pseudo-terminals, of which the whole machine has only so many
# verdict: untested
import os

for path in ("/dev/ptmx", "/dev/pts/ptmx"):
    try:
        os.open(path, os.O_RDWR | os.O_NOCTTY)
        print("got one")
    except FileNotFoundError:
        print("none")
assert os.listdir("/dev/pts") == []
