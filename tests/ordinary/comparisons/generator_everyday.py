# shows: generator everyday
# verdict: accepted
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
def avg():
    t = n = 0; v = None
    while True:
        x = yield v
        t += x; n += 1; v = t / n
# --- tests ---
import itertools
assert list(itertools.islice(fib(), 6)) == [0, 1, 1, 2, 3, 5]
g = avg()
next(g)
assert g.send(2) == 2
assert g.send(4) == 3
g.close()
