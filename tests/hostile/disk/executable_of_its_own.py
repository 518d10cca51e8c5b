# attack: a program written to the disk and started
# verdict: forbidden
import shutil, os

shutil.copy("/bin/true", "/tmp/x")
os.chmod("/tmp/x", 0o4755)
os.execv("/tmp/x", ["x"])
