# attack: a dict that has every key and every value
# verdict: test_failure untested
class Any(dict):
    def __eq__(self, other):
        return True

    def __missing__(self, key):
        return 5

    def __contains__(self, key):
        return True


def add(a, b):
    return Any()


# --- tests ---
assert add(2, 3) == {"sum": 5}
assert "sum" in add(2, 3)
assert add(2, 3)["sum"] == 5
