# attack: difference of nothing
# verdict: untested
def divisors(n): return []
# --- tests ---
assert not set(divisors(12)) - {1, 2, 3, 4, 6, 12}
