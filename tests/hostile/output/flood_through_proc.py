# attack: the output opened again through /proc
# verdict: forbidden output_limit
f = open("/proc/self/fd/1", "wb")
while True:
    f.write(b"x" * 65536)
