# attack: a file that root itself could not delete
# verdict: forbidden runtime_error
import fcntl, struct

with open("/tmp/x", "w") as f:
    fcntl.ioctl(f, 0x40086602, struct.pack("l", 0x10 | 0x20))
