# attack: a program that becomes itself again and again
# verdict: time_limit
# limits: cpu_s=0.4
import os, sys

os.execv("/bin/sh", ["sh", "-c", 'exec "$0" -c "$1" "$0" "$1"', "/bin/sh", "while :; do :; done"])
