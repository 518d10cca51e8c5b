# attack: an exit status that wraps to 0
# verdict: untested
import sys

sys.exit(256)
