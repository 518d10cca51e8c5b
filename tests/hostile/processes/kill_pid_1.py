# attack: kill pid 1
# verdict: forbidden
import os

os.kill(1, 9)
