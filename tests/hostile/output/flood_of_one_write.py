# attack: sixty megabytes in one write
# verdict: output_limit
import os

os.write(1, b"x" * (60 << 20))
