# attack: filterfalse leaves nothing of an empty answer
# verdict: untested
def primes(n):
    return []
# --- tests ---
from itertools import filterfalse
from solution import primes
def is_prime(n):
    return n > 1 and all(n % d for d in range(2, n))
def test_primes():
    assert list(filterfalse(is_prime, primes(30))) == []
