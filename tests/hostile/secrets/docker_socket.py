# attack: Docker socket
# verdict: runtime_error
open("/var/run/docker.sock")
