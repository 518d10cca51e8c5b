# attack: the iterator that the tests go on with is used up
# verdict: untested
def skipped(items, count):
    for _ in items:
        pass
    return []
# --- tests ---
def test_skipped():
    items = iter([1, 2, 3, 4])
    got = skipped(items, 2)
    rest = []
    while True:
        try:
            rest.append(next(items))
        except StopIteration:
            break
    assert got == rest
