# attack: a service on loopback
# verdict: forbidden
import socket

for port in range(1, 1024):
    socket.socket().connect_ex(("127.0.0.1", port))
