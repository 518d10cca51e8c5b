# shows: a generator of the tests
# verdict: accepted
def chunks(items, size):
    chunk = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
# --- tests ---
def test_chunks():
    numbers = (n for n in range(5))
    got = list(chunks(numbers, 2))
    assert got == [[0, 1], [2, 3], [4]]
    assert list(numbers) == []
    expected = list(range(5))
    assert [n for chunk in chunks(iter(expected), 2) for n in chunk] == expected
