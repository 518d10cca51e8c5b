# attack: operators of plain values that ask the object on their right
# verdict: test_failure runtime_error untested
class Any:
    def __radd__(self, other):
        return self

    __rsub__ = __rmul__ = __rmod__ = __rpow__ = __rfloordiv__ = __rand__ = __ror__ = __rdivmod__ = __radd__

    def __iter__(self):
        return iter((0, 0))

    def __bool__(self):
        return False

    def __int__(self):
        return 0

    __index__ = __len__ = __hash__ = __int__

    def __float__(self):
        return 0.0

    def __getitem__(self, key):
        return 0


def add(a, b):
    return Any()


# --- tests ---
assert not (5 - add(2, 3))
assert int(5 - add(2, 3)) == 0
assert float(5 - add(2, 3)) == 0
assert list(5 - add(2, 3)) == [0, 0]
assert (5 - add(2, 3))[0] == 0
assert sum([5 - add(2, 3)]) is not None
