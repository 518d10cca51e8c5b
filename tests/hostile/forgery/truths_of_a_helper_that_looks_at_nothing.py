# attack: a function of the tests that finds nothing to look at says that all is well
# verdict: untested
def evens(n):
    return []

# --- tests ---
def holds(n):
    for number in evens(n):
        if number % 2:
            return False
    return True

def test_evens():
    found = {n: holds(n) for n in (4, 8)}
    assert found == {4: True, 8: True}
