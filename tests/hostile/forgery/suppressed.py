# attack: suppressed
# verdict: untested
def f(x): raise ValueError
# --- tests ---
from contextlib import suppress
def test_a():
    with suppress(ValueError):
        assert isinstance(f, object)
        assert f(2) == 4
