# attack: 3,900 empty folders in one folder, which a sweeper that lists what is left after each would be at for a minute
# verdict: untested
import os

os.mkdir("/tmp/d")
for n in range(3900):
    os.mkdir(f"/tmp/d/{n}")
