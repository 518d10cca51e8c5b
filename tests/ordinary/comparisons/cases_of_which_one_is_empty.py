# shows: cases of which one is empty
# verdict: accepted
def primes(n): return [p for p in range(2, n) if all(p % d for d in range(2, p))]
def sort(xs): return sorted(xs)
def slug(s): return "-".join(s.lower().split())
# --- tests ---
import re, math
for n in (0, 10, 30):
    assert not [p for p in primes(n) if p < 2]
    assert sum(1 for p in primes(n) if p < 2) == 0
    assert max((p for p in primes(n)), default=0) <= n
    assert set(primes(n)).isdisjoint({4, 6, 8})
for xs in ([], [3, 1, 2], [1]):
    r = sort(xs)
    assert r == sorted(r)
    assert sum(r) == sum(xs)
for s in ("", "Hello World"):
    assert re.fullmatch(r"[a-z-]*", slug(s))
assert math.prod(sort([2, 3])) == 6
assert sum(sort([1, -1])) == 0
