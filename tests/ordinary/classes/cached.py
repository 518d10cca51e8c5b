# shows: cached
# verdict: accepted
from functools import lru_cache
@lru_cache(maxsize=None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
# --- tests ---
assert fib(30) == 832040
assert fib.cache_info().currsize == 31
fib.cache_clear()
assert fib.cache_info().currsize == 0
