# attack: the class the tests name gives an object of another class when it is called
# verdict: untested
class Yes:
    def matches(self, other):
        return True

    def __len__(self):
        return 3


class Result:
    def __new__(cls, *args):
        return Yes()


# --- tests ---
assert Result(2, 3).matches(5)
assert len(Result(2, 3)) == 3
