# attack: the host's log and bus sockets
# verdict: runtime_error
import socket

s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
for path in ("/run/dbus/system_bus_socket", "/run/systemd/journal/socket", "/dev/log"):
    s.connect(path)
