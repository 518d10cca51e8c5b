# attack: an object for pytest.approx to measure
# verdict: test_failure untested
class Any:
    def __sub__(self, other):
        return self

    __rsub__ = __add__ = __sub__

    def __abs__(self):
        return self

    def __le__(self, other):
        return True

    def __eq__(self, other):
        return True

    __hash__ = None


def add(a, b):
    return Any()


# --- tests ---
import pytest

assert add(0.1, 0.2) == pytest.approx(0.3)
