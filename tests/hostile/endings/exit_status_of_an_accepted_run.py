# attack: a script that leaves with status 0 at once
# verdict: untested
import sys

sys.exit(0)
