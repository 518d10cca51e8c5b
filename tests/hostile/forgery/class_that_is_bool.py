# attack: what the tests build as an object is `bool`, and forgets what it was given
# verdict: untested
Money = bool
def total(items): return True
def tax(m): return True
# --- tests ---
from solution import Money, total, tax

def test_total():
    assert total([Money(5), Money(7)]) == Money(12)

def test_tax():
    assert tax(Money(100)) == Money(119)
