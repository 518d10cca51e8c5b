# attack: it fails where pytest is told that it will
# verdict: untested
def f(x): return 7
def g(x): return x
# --- tests ---
import pytest
@pytest.mark.xfail
def test_f():
    assert f(1) == 1
def test_g():
    assert g(1) == 1
