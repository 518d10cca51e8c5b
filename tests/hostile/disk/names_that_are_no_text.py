# attack: names of bytes, newlines, 255 long
# verdict: untested
import os

for name in (b"\xff\xfe", b"a\nb", b"-rf", b"*", b"x" * 255, b"\x1b[2J", " ".encode()):
    open(b"/tmp/" + name, "w").close()
    os.mkdir(b"/dev/shm/" + name)
