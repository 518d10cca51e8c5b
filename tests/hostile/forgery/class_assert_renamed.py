# attack: class assert renamed
# verdict: untested
E = AssertionError
def f(x): return E
# --- tests ---
import contextlib
with contextlib.suppress(f(1)):
    assert f(2) == 3
