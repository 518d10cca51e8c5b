# shows: zip of answers with tables of the tests
# verdict: accepted
def squares(n):
    return [i * i for i in range(n)]
def steps(xs):
    return [b - a for a, b in zip(xs, xs[1:])]
# --- tests ---
from solution import squares, steps
def test_squares():
    want = [i * i for i in range(5)]
    for got, wanted in zip(squares(5), want):
        assert got == wanted
def test_steps():
    xs = [1, 4, 9]
    for a, step in zip(xs, steps(xs)):
        assert a + step in xs
    got = steps(xs)
    for a, step in zip(xs, got):
        assert a + step in (4, 9)
