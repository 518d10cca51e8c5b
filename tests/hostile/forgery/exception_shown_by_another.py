# attack: an exception whose text is made where it is looked at
# verdict: untested
class Odd(ValueError):
    def __str__(self):
        return ""
def parse(text):
    raise Odd("x")
# --- tests ---
import pytest
from solution import parse
def test_parse():
    with pytest.raises(ValueError) as caught:
        parse("x")
    assert str(caught.value) in "no number: 'x'"
