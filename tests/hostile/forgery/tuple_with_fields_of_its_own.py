# attack: a named tuple whose field names are code
# verdict: runtime_error
class Any(tuple):
    _fields = ("a=print(1)", "b")


def add(a, b):
    return Any((1, 2))


# --- tests ---
assert add(2, 3) == (2, 3)
