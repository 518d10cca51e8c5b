# shows: decimals
# verdict: accepted
from decimal import Decimal
from fractions import Fraction
def price(a, b): return Decimal(a) + Decimal(b)
def half(x): return Fraction(x, 2)
# --- tests ---
from decimal import Decimal
from fractions import Fraction
assert price("1.10", "2.20") == Decimal("3.30")
assert half(3) == Fraction(3, 2)
assert half(3) + 1 == Fraction(5, 2)
assert half(4) == 2
