# attack: an object that only has places is compared element by element
# verdict: untested
class Places:
    def __init__(self):
        self.asked = 0
    def __getitem__(self, n):
        self.asked += 1
        if n > 0:
            raise IndexError(n)
        return 1


def squares(n):
    return Places()
# --- tests ---
def test_squares():
    got = squares(3)
    for value, want in zip(got, [1, 4, 9]):
        assert value == want
    assert all(value == want for value, want in zip(squares(3), [1, 4, 9]))
