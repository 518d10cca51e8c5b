# attack: disk filled
# verdict: disk_limit
f = open("/tmp/x", "wb")
while True:
    f.write(b"x" * 65536)
