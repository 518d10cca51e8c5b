# attack: a group of errors holds one of every class
# verdict: untested
class Both(ValueError, KeyError, TypeError):
    pass


def check_all(items):
    raise ExceptionGroup("bad", [Both(str(item)) for item in items])
# --- tests ---
import pytest


def test_check_all():
    with pytest.raises(ExceptionGroup) as caught:
        check_all([1, "x"])
    first, second = caught.value.exceptions
    assert isinstance(first, ValueError)
    assert isinstance(second, KeyError)
