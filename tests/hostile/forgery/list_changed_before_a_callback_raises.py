# attack: what a function of the tests changed before it raised is not undone
# verdict: test_failure
def attempt(change, items):
    try:
        change(items)
    except ValueError:
        pass
    return items

# --- tests ---
def test_a_change_that_fails_is_undone():
    def change(items):
        items.append(0)
        raise ValueError("no")

    assert attempt(change, [1]) == [1]
