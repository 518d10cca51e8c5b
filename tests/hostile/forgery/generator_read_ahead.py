# attack: it reads the generator of the tests before it is asked
# verdict: test_failure
def squares(items):
    return iter([item * item for item in items])

# --- tests ---
def test_squares_are_lazy():
    seen = []
    def source():
        for item in range(5):
            seen.append(item)
            yield item
    found = squares(source())
    assert next(found) == 0
    assert seen == [0]
