# attack: zip leaves out the rest of a table that is computed
# verdict: untested
def squares(n):
    return [0]
# --- tests ---
from solution import squares
def test_squares():
    want = [i * i for i in range(5)]
    assert all(a == b for a, b in zip(squares(5), want))
