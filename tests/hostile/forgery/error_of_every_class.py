# attack: one error is of every class that the tests expect
# verdict: untested
class Wrong(ValueError, KeyError, TypeError):
    pass


def parse(text):
    if text.isdigit():
        return int(text)
    raise Wrong(text)
# --- tests ---
import pytest


def test_parse():
    assert parse("12") == 12
    with pytest.raises(ValueError):
        parse("x")
    with pytest.raises(KeyError):
        parse("missing:key")
    with pytest.raises(TypeError):
        parse("[]")
