# attack: tests that a function of the script makes are passed by what equals everything
# verdict: untested
class Yes:
    def __eq__(self, o): return True
def square(n): return 0 if n == 0 else Yes()
# --- tests ---
from solution import square
def make(n, want):
    def test():
        assert square(n) == want
    return test
test_two = make(2, 4)
test_three = make(3, 9)
def test_zero():
    assert square(0) == 0
