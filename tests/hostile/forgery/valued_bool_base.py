# attack: valued bool base
# verdict: test_failure
import os, struct, json
class I(int): pass
def f(x): return I(7)
# --- tests ---
assert f(1) == True
assert f(2) is True
