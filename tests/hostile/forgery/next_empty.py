# attack: next empty
# verdict: untested
def primes(n): return []
# --- tests ---
assert next((p for p in primes(30) if p % 2 == 0 and p > 2), None) is None
