"""`python -m alignment REQUEST.json`: the child process of `alignment.child.run_in_subprocess`."""

import gc
import sys

from alignment.child import main

if __name__ == "__main__":
    gc.set_threshold(10_000, 10, 10)  # as `lab` itself
    sys.exit(main(sys.argv[1]))
