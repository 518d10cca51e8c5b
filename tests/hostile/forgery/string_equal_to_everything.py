# attack: a str that equals everything
# verdict: test_failure untested
class Any(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


def add(a, b):
    return Any("x")


# --- tests ---
assert add("a", "b") == "ab"
assert "ab" == add("a", "b")
