# attack: a test class under a `try` is passed by what equals everything
# verdict: untested
class Yes:
    def __eq__(self, o): return True
def square(n): return 0 if n == 0 else Yes()
# --- tests ---
from solution import square
try:
    import numpy as np
except ImportError:
    np = None
else:
    class TestArrays:
        def test_two(self):
            assert square(2) == 4
def test_zero():
    assert square(0) == 0
