# attack: an object that claims to be an int
# verdict: test_failure untested
class Liar:
    __class__ = int

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 5

    def __sub__(self, other):
        return 0


def add(a, b):
    return Liar()


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
