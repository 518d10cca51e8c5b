# attack: the metadata service, by the shell's own network
# verdict: forbidden
exec 3<>/dev/tcp/169.254.169.254/80
