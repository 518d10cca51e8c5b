# attack: a class of the tests derives from one that is written in C
# verdict: untested
def drain(take):
    while True:
        try:
            take()
        except IndexError:
            return 0
# --- tests ---
from array import array


class Numbers(array):
    def take(self):
        return self.pop()


def test_drain():
    numbers = Numbers("i", [4, 5])
    got = drain(numbers.take)
    assert got == len(numbers)
