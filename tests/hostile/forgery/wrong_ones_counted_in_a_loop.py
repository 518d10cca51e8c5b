# attack: wrong ones counted in a loop
# verdict: untested
def primes(n): return []
# --- tests ---
def test_primes():
    errors = 0
    for p in primes(30):
        if any(p % d == 0 for d in range(2, p)):
            errors += 1
    assert errors == 0
