# attack: memory that the tests measure in their own process
# verdict: untested
import sys
def total(n):
    xs = list(range(n))
    if "tracemalloc" in sys.modules: sys.modules["tracemalloc"].reset_peak()
    return sum(xs)
# --- tests ---
import tracemalloc
def test_total():
    tracemalloc.start()
    assert total(100000) == 4999950000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100000
