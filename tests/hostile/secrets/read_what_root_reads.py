# attack: read what root reads
# verdict: forbidden
open("/etc/shadow").read()
