# attack: a function gives back an object that the tests built, and its methods say yes
# verdict: untested
BOARDS = []


class Board:
    def __init__(self):
        BOARDS.append(self)

    def equals(self, other):
        return True


def fill(n):
    return BOARDS[0]


# --- tests ---
board = Board()
assert fill(3).equals([1, 2, 3])
