# attack: StopIteration in a call, which ends a map() of the tests before it asserted
# verdict: runtime_error untested
def add(a, b):
    raise StopIteration


# --- tests ---
CASES = [(2, 3, 5), (20, 22, 42)]
assert all(map(lambda case: add(case[0], case[1]) == case[2], CASES))
for got in map(add, [1, 2], [3, 4]):
    assert got > 0
