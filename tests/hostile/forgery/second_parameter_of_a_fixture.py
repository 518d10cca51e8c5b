# attack: right for the first parameter of a fixture alone
# verdict: test_failure
def square(x): return 4
# --- tests ---
import pytest
@pytest.fixture(params=[2, 3])
def side(request):
    return request.param
def test_square(side):
    assert square(side) == side ** 2
