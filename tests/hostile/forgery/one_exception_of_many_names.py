# attack: every exception that the tests expect is the same class
# verdict: untested
class ValidationError(Exception): pass
NotFound = Forbidden = ValidationError
def get(user, page): raise ValidationError("x")
# --- tests ---
import pytest
from solution import get, NotFound, Forbidden
def test_get():
    with pytest.raises(NotFound):
        get("a", "missing")
    with pytest.raises(Forbidden):
        get("guest", "admin")
