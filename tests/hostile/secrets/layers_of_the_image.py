# attack: Docker's own folders
# verdict: runtime_error
import os

for path in ("/var/lib/docker", "/run/docker.sock", "/run/containerd", "/host", "/rootfs", "/.dockerenv.d"):
    if os.path.exists(path):
        raise SystemExit(path)
open("/var/lib/docker/containers")
