# attack: two answers that hold themselves
# verdict: untested
def loop(n):
    out = []
    out.append(out)
    return out
# --- tests ---
import pytest


def test_loop():
    a, b = loop(1), loop(2)
    with pytest.raises(RecursionError):
        a == b
    assert len(loop(3)) == 1
