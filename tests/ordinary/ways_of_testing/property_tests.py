# shows: property tests
# verdict: accepted
import random
def sort(xs):
    xs.sort()
    return xs
def perm(xs): 
    xs = list(xs); random.shuffle(xs); return xs
# --- tests ---
xs = [3, 1, 2]
assert sort(xs) == sorted(xs)
assert xs == [1, 2, 3]
r = perm([1, 2, 3])
assert sorted(r) == [1, 2, 3]
assert len(r) == 3 and all(isinstance(v, int) for v in r)
assert set(r) <= {1, 2, 3}
assert all(a <= b for a, b in zip(xs, xs[1:]))
