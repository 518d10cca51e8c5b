# attack: a block device made
# verdict: forbidden
import os, stat

os.mknod("/tmp/sda", stat.S_IFBLK | 0o666, os.makedev(8, 0))
