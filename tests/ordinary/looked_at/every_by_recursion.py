# shows: a function of the tests that calls itself
# verdict: accepted
def primes(n):
    return [p for p in range(2, n) if all(p % d for d in range(2, p))]
# --- tests ---
from solution import primes
def every(xs):
    if not xs:
        return True
    return xs[0] > 1 and every(xs[1:])
def test_primes():
    assert every(primes(30))
    assert primes(10) == [2, 3, 5, 7]
