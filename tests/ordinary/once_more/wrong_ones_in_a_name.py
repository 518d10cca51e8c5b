# shows: wrong ones in a name
# verdict: accepted
def primes(n):
    return [p for p in range(2, n) if all(p % d for d in range(2, p))]
# --- tests ---
def test_primes():
    got = primes(30)
    wrong = [p for p in got if any(p % d == 0 for d in range(2, p))]
    assert wrong == []
    errors = 0
    for p in got:
        if p < 2:
            errors += 1
    assert errors == 0
    assert len(got) == 10
