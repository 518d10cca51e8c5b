# attack: is subset method
# verdict: untested
def divisors(n): return []
# --- tests ---
assert set(divisors(12)).issubset({1, 2, 3, 4, 6, 12})
