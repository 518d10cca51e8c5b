# attack: reading standard input again and again
# verdict: time_limit
# limits: cpu_s=0.4
import sys

while True:
    sys.stdin.read()
