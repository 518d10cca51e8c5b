# attack: the groups of root and disk
# verdict: forbidden
import os

os.setgroups([0, 6])
