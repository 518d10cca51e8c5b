# attack: a link to a system file, written through
# verdict: forbidden
import os

os.symlink("/etc/passwd", "/tmp/x")
open("/tmp/x", "a")
