# attack: the method is an object with `__call__`, and its yes an object as well
# verdict: untested
class Yes:
    def __call__(self, *args):
        return self

    def __getattr__(self, name):
        return self


def add(a, b):
    return Yes()


# --- tests ---
assert add(2, 3).equals(5)
