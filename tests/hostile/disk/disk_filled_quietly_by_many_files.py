# attack: disk filled quietly by many files
# verdict: disk_limit
n = 0
try:
    while True:
        open(f"/tmp/{n}", "wb").write(b"x" * (1 << 20))
        n += 1
except OSError:
    pass
