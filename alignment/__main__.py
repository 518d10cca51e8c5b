"""`python -m alignment REQUEST.json`: the child process of `alignment.child.run_in_subprocess`."""

import sys

from alignment.child import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
