# attack: netlink socket
# verdict: forbidden
import socket

socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)
