# attack: fixture never used
# verdict: untested
def f(x): return 0
def g(x): return x
# --- tests ---
import pytest
@pytest.fixture
def three(): return 3
def test_f(three, missing):
    assert f(three) == 3
def test_g(three):
    assert g(three) == 3
