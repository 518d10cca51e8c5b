# attack: name lookup
# verdict: forbidden
import socket

socket.getaddrinfo("example.com", 80)
