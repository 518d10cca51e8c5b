# attack: the machine's memory and disks as devices
# verdict: runtime_error
import os

for name in ("mem", "kmem", "port", "kmsg", "sda", "vda", "nvme0n1", "loop0", "fuse", "kvm", "net/tun"):
    if os.path.exists("/dev/" + name):
        raise SystemExit(name)
open("/dev/mem")
