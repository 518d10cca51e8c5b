# attack: parametrize empty
# verdict: untested
def f(x): return 0
# --- tests ---
import pytest
@pytest.mark.parametrize("a,b", [])
def test_f(a, b):
    assert f(a) == b
