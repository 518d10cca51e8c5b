# shows: tests that catch what they raise themselves
# verdict: accepted
def parse(text):
    if not text.isdigit():
        raise ValueError(f"no number: {text!r}")
    return int(text)
# --- tests ---
from solution import parse
def test_error():
    try:
        parse("x")
        assert False, "it must raise"
    except ValueError as error:
        assert str(error) == "no number: 'x'"
def test_value():
    assert parse("12") == 12
