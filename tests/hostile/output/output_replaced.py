# attack: sys.stdout replaced by what raises
# verdict: runtime_error
import sys


class Bad:
    def write(self, text):
        raise SystemExit(0)

    flush = write


sys.stdout = sys.stderr = Bad()
