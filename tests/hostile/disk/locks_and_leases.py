# attack: locks and leases on every file
# verdict: forbidden
import fcntl, os

for name in ("/etc/passwd", "/usr/bin/python3", "/usr/local/bin/ruff"):
    fd = os.open(name, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
