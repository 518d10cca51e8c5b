# attack: a subclass of StopIteration in a call
# verdict: runtime_error untested
class Done(StopIteration):
    pass


def add(a, b):
    raise Done(5)


# --- tests ---
assert all(map(lambda case: add(case[0], case[1]) == case[2], [(2, 3, 5), (20, 22, 42)]))
