# shows: sorted in place
# verdict: accepted
def insertion(xs):
    xs.sort()
    return xs
# --- tests ---
import random
cases = [[3, 1, 2], [5, 4]]
for case in cases:
    before = sorted(case)
    assert insertion(case) == before
for case in cases:
    got = insertion(case)
    want = sorted(case)
    assert got == want
total, xs = 0, [4, 1]
got = insertion(xs)
for x in xs:
    total += x
assert sum(got) == total
queue = [[1], [2], [3]]
ys = [2, 1]
insertion(ys)
for _ in range(3):
    want = queue.pop(0)
    assert insertion(list(want)) == want
for _ in range(5):
    n = random.randint(1, 99)
    want = [n]
    assert insertion([n]) == want
