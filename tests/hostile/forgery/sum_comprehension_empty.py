# attack: sum comprehension empty
# verdict: untested
def primes(n): return []
# --- tests ---
def is_prime(n): return n > 1 and all(n % d for d in range(2, n))
assert sum(1 for p in primes(30) if not is_prime(p)) == 0
