# attack: holds patched
# verdict: test_failure
import sys
codec = sys.modules["sandbox.inside.values.codec"]
codec.holds = lambda v: [v]
class L(list): pass
def f(x): return L()
# --- tests ---
assert f(1) == [1, 2]
