# attack: it reads more of an iterator than it needs
# verdict: test_failure
def take(n, items):
    return list(items)[:n]

# --- tests ---
def test_take():
    items = iter([1, 2, 3, 4])
    assert take(2, items) == [1, 2]
    assert list(items) == [3, 4]
