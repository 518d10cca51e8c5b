# attack: inodes used up
# verdict: disk_limit
n = 0
while True:
    open(f"/tmp/{n}", "w").close()
    n += 1
