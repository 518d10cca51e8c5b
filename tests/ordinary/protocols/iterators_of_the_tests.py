# shows: iterators and generators of the tests, read as far as the program reads them
# verdict: accepted
import itertools


def take(n, items):
    return list(itertools.islice(items, n))


def pairs(left, right):
    return list(zip(left, right))


def running(items):
    total = 0
    for item in items:
        total += item
        yield total


def feed(items, values):
    next(items)
    for value in values:
        items.send(value)


def same(items):
    return items


# --- tests ---
import itertools
import pytest


def test_what_is_not_taken_is_left():
    items = iter([1, 2, 3, 4])
    assert take(2, items) == [1, 2]
    assert list(items) == [3, 4]


def test_one_iterator_given_twice_is_one():
    items = iter("abcd")
    assert pairs(items, items) == [("a", "b"), ("c", "d")]


def test_an_endless_one():
    assert take(3, itertools.count(5)) == [5, 6, 7]
    assert take(3, itertools.cycle([1, 2])) == [1, 2, 1]


def test_a_generator_is_read_step_by_step():
    seen = []

    def source():
        for item in (1, 2, 3):
            seen.append(item)
            yield item

    found = running(source())
    assert next(found) == 1
    assert seen == [1]
    assert list(found) == [3, 6]
    assert seen == [1, 2, 3]


def test_a_generator_that_raises():
    def source():
        yield 1
        raise KeyError("end")

    with pytest.raises(KeyError):
        take(5, source())


def test_a_generator_that_is_told():
    told = []

    def sink():
        while True:
            told.append((yield))

    feed(sink(), [1, 2])
    assert told == [1, 2]


def test_it_comes_back_as_itself():
    items = iter([1])
    assert same(items) is items


def test_a_long_one():
    assert take(3, iter(range(5000))) == [0, 1, 2]
