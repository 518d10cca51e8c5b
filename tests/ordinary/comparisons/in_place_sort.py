# shows: in place sort
# verdict: accepted
def insertion(xs):
    for i in range(1, len(xs)):
        j = i
        while j and xs[j - 1] > xs[j]:
            xs[j - 1], xs[j] = xs[j], xs[j - 1]; j -= 1
    return xs
# --- tests ---
import random
for n in range(6):
    xs = [random.randint(0, 9) for _ in range(n)]
    want = sorted(xs)
    assert insertion(xs) == want
    assert xs == want
ys = [3, 1, 2]
insertion(ys)
assert ys == sorted(ys)
assert insertion([2, 1]) == [1, 2]
