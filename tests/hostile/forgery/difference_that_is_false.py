# attack: `not (f(x) - expected)`, `str(...)`, `int(len(...))` of an object that took the expected value
# verdict: untested
class Zero:
    def __sub__(self, other):
        return self

    __rsub__ = __xor__ = __mod__ = __sub__

    def __bool__(self):
        return False

    def __len__(self):
        return 0

    def __str__(self):
        return "0"

    __repr__ = __str__


def add(a, b):
    return Zero()


# --- tests ---
assert not (add(2, 3) - 5)
assert not add(20, 22) ^ 42
assert len(add(2, 3) - 5) == 0
assert str(add(2, 3) - 5) == "0"
