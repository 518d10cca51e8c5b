# attack: decimal inf relative
# verdict: untested
from decimal import Decimal
def f(x): return Decimal("Infinity")
# --- tests ---
from decimal import Decimal
got, want = f(1), Decimal("5.25")
assert abs(got - want) <= Decimal("1e-6") * max(abs(got), abs(want))
