# attack: isdisjoint method
# verdict: untested
def primes(n): return []
# --- tests ---
assert set(primes(30)).isdisjoint({4, 6, 8, 9})
