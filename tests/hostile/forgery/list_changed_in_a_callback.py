# attack: a function of the tests changes the list while it is walked through
# verdict: test_failure
def visit(items, seen):
    for item in items:
        seen(item)
    return len(items)

# --- tests ---
def test_visits_what_there_was():
    items = [1, 2]
    assert visit(items, lambda item: items.append(item) if len(items) < 4 else None) == 2
