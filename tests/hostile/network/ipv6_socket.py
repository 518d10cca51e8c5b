# attack: an IPv6 socket
# verdict: forbidden
import socket

socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
