# attack: write outside
# verdict: forbidden
open("/etc/passwd", "a")
