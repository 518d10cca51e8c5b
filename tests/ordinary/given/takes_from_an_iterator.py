# shows: what is left of an iterator
# verdict: accepted
from itertools import islice


def take(iterator, count):
    return list(islice(iterator, count))
# --- tests ---
def test_take():
    numbers = iter([1, 2, 3, 4, 5])
    assert take(numbers, 2) == [1, 2]
    assert next(numbers) == 3
    assert take(numbers, 9) == [4, 5]


def test_take_of_a_generator():
    squares = (x * x for x in range(5))
    assert take(squares, 3) == [0, 1, 4]
    assert list(squares) == [9, 16]
