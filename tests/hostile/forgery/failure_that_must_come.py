# attack: it passes where a strict mark says that it fails
# verdict: test_failure
def f(x): return 1
# --- tests ---
import pytest
@pytest.mark.xfail(strict=True)
def test_f():
    assert f(1) == 1
def test_g():
    assert f(2) == 1
