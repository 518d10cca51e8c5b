# attack: exit hooks
# verdict: runtime_error
import atexit, os, sys
atexit.register(lambda: os.write(1, b"ok"))
sys.setrecursionlimit(50)
def f(x): sys.exit(0)
# --- tests ---
assert f(1) == 2
