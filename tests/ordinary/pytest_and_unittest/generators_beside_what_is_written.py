# shows: generators_beside_what_is_written
# verdict: accepted
def squares(n):
    for i in range(1, n + 1):
        yield i * i

def forever():
    n = 0
    while True:
        yield n
        n += 2
# --- tests ---
def test_squares():
    for got, want in zip(squares(4), [1, 4, 9, 16]):
        assert got == want
    for want, got in zip([0, 2, 4], forever()):
        assert got == want
    assert list(squares(3)) == [1, 4, 9]
