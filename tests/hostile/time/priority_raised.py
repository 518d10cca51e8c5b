# attack: a better priority
# verdict: forbidden
import os
os.nice(-20)
