# attack: a service of its own
# verdict: forbidden
import socket

socket.create_server(("0.0.0.0", 8080))
