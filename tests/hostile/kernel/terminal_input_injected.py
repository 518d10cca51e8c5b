# attack: keystrokes put into the terminal of whoever watches
# verdict: runtime_error
import fcntl

fcntl.ioctl(0, 0x5412, b"x")
