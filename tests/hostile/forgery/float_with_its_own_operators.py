# attack: float with its own operators
# verdict: test_failure untested
class Any(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__

    def __sub__(self, other):
        return 0.0

    def __float__(self):
        return 5.0


def add(a, b):
    return Any(7)


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
