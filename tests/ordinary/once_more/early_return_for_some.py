# shows: early return for some
# verdict: accepted
def find(xs, x):
    return xs.index(x) if x in xs else None
# --- tests ---
import pytest

@pytest.mark.parametrize("x, want", [(6, 1), (9, None), (5, 0)])
def test_find(x, want):
    at = find([5, 6, 7], x)
    if want is None:
        assert at is None
        return
    assert at == want
