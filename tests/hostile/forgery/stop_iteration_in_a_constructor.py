# attack: StopIteration out of attribute access
# verdict: runtime_error untested
class Point:
    def __getattr__(self, name):
        raise StopIteration


def add(a, b):
    return Point()


# --- tests ---
assert all(map(lambda n: add(n, n).total == 2 * n, [1, 2, 3]))
