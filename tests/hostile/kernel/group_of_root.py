# attack: the group of root
# verdict: forbidden
import os

os.setgid(0)
