# attack: the object that says yes is given by an object that the tests built
# verdict: untested
class Yes:
    def equals(self, other):
        return True


class Solver:
    def solve(self, n):
        return Yes()


# --- tests ---
assert Solver().solve(3).equals([1, 2, 3])
