# attack: the expected value goes through a method outside an assertion, and the object answers later
# verdict: untested
class Learns:
    def __init__(self):
        self.value = 0

    def __eq__(self, other):
        self.value = 5
        return False

    __hash__ = None

    def __sub__(self, other):
        self.value = other
        return self


def add(a, b):
    return Learns()


# --- tests ---
got = add(2, 3)
difference = got - 5
assert got.value == 5
