# shows: own errors
# verdict: accepted
class InsufficientFunds(ValueError):
    def __init__(self, need): super().__init__(f"need {need}"); self.need = need
def draw(n):
    if n > 5: raise InsufficientFunds(n - 5)
    return n
# --- tests ---
import pytest
with pytest.raises(InsufficientFunds) as e:
    draw(9)
assert e.value.need == 4
assert "need 4" in str(e.value)
assert draw(3) == 3
try:
    draw(7)
    assert False
except InsufficientFunds as err:
    assert err.need == 2
