# attack: dev shm filled
# verdict: disk_limit
f = open("/dev/shm/x", "wb")
while True:
    f.write(b"x" * 65536)
