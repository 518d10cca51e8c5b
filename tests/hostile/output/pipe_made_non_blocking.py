# attack: the shared output made non-blocking, then flooded
# verdict: output_limit
import os

os.set_blocking(1, False)
while True:
    try:
        os.write(1, b"x" * 65536)
    except BlockingIOError:
        pass
