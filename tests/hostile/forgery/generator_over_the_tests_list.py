# attack: a generator that walks through the list of the tests itself, which has grown
# verdict: test_failure
def doubled(items):
    return (2 * item for item in items)

# --- tests ---
def test_doubled_is_of_what_there_was():
    items = [1, 2]
    found = doubled(items)
    items.append(3)
    assert list(found) == [2, 4]
