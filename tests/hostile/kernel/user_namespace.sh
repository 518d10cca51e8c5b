# attack: a user namespace as a command
# verdict: forbidden
exec unshare -Ur id
