# attack: error class is assertion error
# verdict: untested
class Bank:
    Error = AssertionError
    def draw(self, n):
        return 3
# --- tests ---
import pytest
b = Bank()
with pytest.raises(Bank.Error):
    assert b.draw(-1) == "refused"
