# attack: skipif hides
# verdict: untested
def f(x): return 0
# --- tests ---
import pytest
@pytest.mark.skip
def test_f():
    assert f(1) == 1
