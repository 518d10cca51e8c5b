# attack: a UserList of the tests is changed by a method of its own
# verdict: untested
def drain(pop):
    while True:
        try:
            pop()
        except IndexError:
            return 0
# --- tests ---
from collections import UserList


def test_drain():
    left = UserList([4, 5, 6])
    got = drain(left.pop)
    assert got == len(left)
