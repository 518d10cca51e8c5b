# attack: sys.exit(0) while loading
# verdict: runtime_error
import sys

sys.exit(0)
# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
