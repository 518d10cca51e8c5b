# shows: decorators
# verdict: accepted
import functools
def twice(f):
    @functools.wraps(f)
    def inner(*a): return f(f(*a))
    return inner
def counter():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc
def compose(*fs): return lambda x: functools.reduce(lambda v, f: f(v), fs, x)
# --- tests ---
assert twice(lambda x: x + 1)(3) == 5
c = counter()
assert c() == 1
assert c() == 2
assert compose(lambda x: x + 1, lambda x: x * 2)(3) == 8
@twice
def add2(x): return x + 2
assert add2(1) == 5
