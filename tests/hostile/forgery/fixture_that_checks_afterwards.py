# attack: fixture that checks afterwards
# verdict: untested
def total(xs):
    xs[:] = [0]
    return 0
# --- tests ---
import pytest

results = []

@pytest.fixture
def xs():
    data = [1, 2, 3]
    yield data
    assert results[-1] == sum(data)

def test_total(xs):
    results.append(total(xs))
    assert len(results) == 1
