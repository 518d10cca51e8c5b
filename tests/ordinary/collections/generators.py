# shows: generators
# verdict: accepted
def evens(n):
    for i in range(0, n, 2):
        yield i
# --- tests ---
assert list(evens(6)) == [0, 2, 4]
g = evens(3)
assert next(g) == 0
assert sum(evens(7)) == 12
assert [x for x in evens(5)] == [0, 2, 4]
import types
assert isinstance(evens(2), types.GeneratorType)
