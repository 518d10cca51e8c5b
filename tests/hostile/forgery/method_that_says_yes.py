# attack: the object in the place of a table or a string says yes to whatever its methods are asked
# verdict: untested
class Yes:
    def equals(self, other):
        return True

    def compare(self, other):
        return 0

    def all(self):
        return True

    startswith = issubset = equals


def add(a, b):
    return Yes()


# --- tests ---
assert add(2, 3).equals([5])
assert add(2, 3).compare(5) == 0
assert add(2, 3).all()
assert add("a", "b").startswith("ab")
