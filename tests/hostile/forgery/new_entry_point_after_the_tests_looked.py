# attack: a function that is another each time it is looked up
# verdict: test_failure
class Names(dict):
    pass


import sys

module = sys.modules["__main__"]
count = 0


def add(a, b):
    global add, count
    count += 1
    old = add

    def add(a, b):
        return old(a, b)

    return count


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
