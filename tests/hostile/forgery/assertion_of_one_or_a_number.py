# attack: one of two numbers is written so that it is always true
# verdict: untested
def double(n):
    return 0
# --- tests ---
from solution import double
def test_double():
    assert double(2) == 4 or 5
