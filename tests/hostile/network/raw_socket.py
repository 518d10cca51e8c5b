# attack: a raw IP socket
# verdict: forbidden
import socket

socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)
