# attack: every function that the tests ask for is the same
# verdict: untested
def add(a, b): return 0
sub = mul = add
def op(sign): return add
# --- tests ---
from solution import add, sub, mul, op
def test_op():
    assert op("+") is add
    assert op("-") is sub
    assert op("*") is mul
