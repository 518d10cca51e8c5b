# attack: difference kept in a name
# verdict: untested
def divisors(n): return []
# --- tests ---
def test_divisors():
    extra = set(divisors(12)) - {1, 2, 3, 4, 6, 12}
    assert not extra
