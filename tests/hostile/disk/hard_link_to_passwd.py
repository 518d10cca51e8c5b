# attack: a hard link to a file of the system
# verdict: runtime_error
import os

os.link("/etc/passwd", "/tmp/x")
