# shows: generators more
# verdict: accepted
def count():
    n = 0
    while True:
        yield n
        n += 1
def echo():
    x = None
    while True:
        x = yield x
# --- tests ---
from itertools import islice
assert list(islice(count(), 3)) == [0, 1, 2]
assert [a for a, b in zip(count(), range(3))] == [0, 1, 2]
assert [b for a, b in zip(range(3), count())] == [0, 1, 2]
g = echo(); next(g)
assert g.send(5) == 5
assert next(iter([]), None) is None
import inspect
assert inspect.isgenerator(count())
