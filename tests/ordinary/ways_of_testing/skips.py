# shows: skips
# verdict: accepted
def f(x): return x
# --- tests ---
import pytest
@pytest.mark.skip(reason="later")
def test_later():
    assert f(1) == 2
@pytest.mark.slow
def test_now():
    assert f(1) == 1
