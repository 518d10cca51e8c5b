# attack: a nested test class of a base is passed by what equals everything
# verdict: untested
class Yes:
    def __eq__(self, o): return True
def square(n): return 0 if n == 0 else Yes()
# --- tests ---
from solution import square
class Base:
    class TestInner:
        def test_two(self):
            assert square(2) == 4
class TestAll(Base):
    def test_zero(self):
        assert square(0) == 0
