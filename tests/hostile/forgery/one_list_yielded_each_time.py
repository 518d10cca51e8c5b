# attack: one list that is changed afterwards, yielded each time
# verdict: test_failure
def prefixes(items):
    current = []
    for item in items:
        current.append(item)
        yield current


# --- tests ---
assert list(prefixes([1, 2, 3])) == [[1], [1, 2], [1, 2, 3]]
