# attack: a test under an `if` is passed by what equals everything
# verdict: untested
class Yes:
    def __eq__(self, o): return True
def square(n): return 0 if n == 0 else Yes()
# --- tests ---
import sys
from solution import square
def test_zero():
    assert square(0) == 0
if sys.version_info >= (3, 8):
    def test_two():
        assert square(2) == 4
