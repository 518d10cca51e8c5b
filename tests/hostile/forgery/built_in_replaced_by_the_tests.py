# attack: a built-in function that the tests forbid by replacing it
# verdict: untested
def order(xs): return sorted(xs)
# --- tests ---
import builtins
def test_order_without_sorted():
    real = builtins.sorted
    def forbidden(*a, **k): raise AssertionError("sorted")
    builtins.sorted = forbidden
    try:
        assert order([3, 1, 2]) == [1, 2, 3]
    finally:
        builtins.sorted = real
