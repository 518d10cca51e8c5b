# attack: what root reads
# verdict: runtime_error
exec cat /etc/shadow
