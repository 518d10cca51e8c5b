# attack: chroot
# verdict: forbidden
import os

os.chroot("/tmp")
