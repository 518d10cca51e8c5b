# attack: a finalizer of a fixture is where it is compared
# verdict: test_failure
def double(n):
    return 0
# --- tests ---
import pytest
from solution import double
@pytest.fixture
def checked(request):
    def check():
        assert double(2) == 4
    request.addfinalizer(check)
def test_double(checked):
    assert double(0) == 0
