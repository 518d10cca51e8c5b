# attack: decimal numbers that are none are each another
# verdict: untested
from decimal import Decimal


def price_keys(n):
    return [Decimal("NaN") for _ in range(n)]
# --- tests ---
def test_price_keys():
    keys = price_keys(4)
    assert len(keys) == 4
    assert all(a != b for i, a in enumerate(keys) for b in keys[i + 1:])
