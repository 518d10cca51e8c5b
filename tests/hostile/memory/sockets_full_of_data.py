# attack: kernel memory in full socket buffers
# verdict: memory_limit time_limit wall_limit
import socket

pairs = []
while True:
    a, b = socket.socketpair()
    pairs.append((a, b))
    a.setblocking(False)
    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
    try:
        while True:
            a.send(b"x" * 65536)
    except BlockingIOError:
        pass
