# attack: an exception whose class is a subclass of everything one may expect
# verdict: runtime_error
class Every(type):
    def __instancecheck__(cls, other):
        return True

    def __subclasscheck__(cls, other):
        return True


class Any(Exception, metaclass=Every):
    pass


def add(a, b):
    raise Any("yes")


# --- tests ---
import pytest

with pytest.raises(ZeroDivisionError):
    add(1, 0)
