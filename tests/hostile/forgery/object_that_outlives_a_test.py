# attack: right for an object of its own in every test, where the tests share one
# verdict: test_failure
class Once:
    def __init__(self): self.calls = 0
    def run(self):
        self.calls += 1
        return self.calls
# --- tests ---
import pytest
@pytest.fixture(scope="module")
def once():
    return Once()
def test_first(once):
    assert once.run() == 1
def test_again(once):
    assert once.run() == 1
