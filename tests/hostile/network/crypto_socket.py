# attack: the kernel's crypto sockets
# verdict: forbidden
import socket

socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)
