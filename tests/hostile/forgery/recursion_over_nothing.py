# attack: a function of the tests that calls itself over an empty answer compares nothing
# verdict: untested
def positive(xs):
    return []
# --- tests ---
from solution import positive
def every(xs):
    if not xs:
        return True
    return xs[0] > 0 and every(xs[1:])
def test_positive():
    assert every(positive([1, -2, 3]))
