# attack: root again
# verdict: forbidden
import os

os.setuid(0)
