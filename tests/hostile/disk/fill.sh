# attack: zeros to the disk
# verdict: disk_limit
cat /dev/zero > /tmp/x
