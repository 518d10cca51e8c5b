# attack: UDP socket
# verdict: forbidden
import socket

socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
