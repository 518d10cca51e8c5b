# attack: subset helper of nothing
# verdict: untested
def primes(n): return []
# --- tests ---
def valid(ps):
    return set(ps).issubset({2, 3, 5, 7})
assert valid(primes(10))
