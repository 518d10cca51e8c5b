# attack: vsock socket
# verdict: forbidden
import socket

socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
