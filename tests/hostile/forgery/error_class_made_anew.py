# attack: an error of every class, of another class each time
# verdict: untested
def wrong():
    return type("Wrong", (ValueError, KeyError, TypeError), {})


def parse(text):
    if text.isdigit():
        return int(text)
    raise wrong()(text)
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
