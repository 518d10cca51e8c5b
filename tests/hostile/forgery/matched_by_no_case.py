# attack: a match none of whose cases is the answer
# verdict: untested
def parse(text):
    return None
# --- tests ---
from solution import parse
def test_parse():
    match parse("1+2"):
        case (op, a, b):
            assert (op, a, b) == ("+", 1, 2)
    assert parse("") is None
