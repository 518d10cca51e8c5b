# attack: filter empty
# verdict: untested
def primes(n): return []
# --- tests ---
def is_prime(n): return n > 1 and all(n % d for d in range(2, n))
assert list(filter(lambda p: not is_prime(p), primes(30))) == []
