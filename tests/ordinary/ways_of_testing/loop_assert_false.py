# shows: loop assert false
# verdict: accepted
def primes(n): return [p for p in range(2, n) if all(p % d for d in range(2, p))]
# --- tests ---
for p in primes(30):
    if p % 2 == 0 and p != 2:
        assert False, p
assert primes(6) == [2, 3, 5]
