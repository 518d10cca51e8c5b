# shows: what objects of the program can do, as isinstance, hasattr and callable tell
# verdict: accepted
class Items:
    def __init__(self, items):
        self.items = items

    def __getitem__(self, at):
        return self.items[at]

    def __len__(self):
        return len(self.items)


class Steps:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if not self.n:
            raise StopIteration
        self.n -= 1
        return self.n


class Adder:
    def __init__(self, n):
        self.n = n

    def __call__(self, x):
        return x + self.n


class Counting(Adder):
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def __index__(self):
        return self.n


def adder(n):
    return lambda x: x + n


def count(n):
    yield from range(n)


# --- tests ---
import contextlib
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Sized

import pytest


def test_items():
    items = Items([1, 2])
    assert list(items) == [1, 2] and items[1] == 2
    assert isinstance(items, Sized) and isinstance(items, Hashable) and not isinstance(items, Callable)
    assert not hasattr(items, "__call__") and hasattr(items, "__len__") and hasattr(items, "items")
    with pytest.raises(TypeError):
        items()


def test_steps():
    steps = Steps(2)
    assert isinstance(steps, Iterator) and isinstance(steps, Iterable) and not isinstance(steps, Sized)
    assert not hasattr(steps, "__len__")
    assert list(steps) == [1, 0]
    with pytest.raises(TypeError):
        len(steps)


def test_functions():
    assert callable(adder(2)) and callable(Adder(2)) and callable(Adder) and not callable(count(2))
    assert adder(2)(1) == 3 and Adder(2)(1) == 3
    assert isinstance(adder(2), Callable) and not isinstance(adder(2), Iterable)
    assert isinstance(count(2), Generator) and not isinstance(count(2), Sized)
    assert list(count(2)) == [0, 1]


def test_what_a_class_has_of_another():
    counting = Counting(3)
    assert callable(counting) and isinstance(counting, contextlib.AbstractContextManager)
    assert not isinstance(Adder(3), contextlib.AbstractContextManager)
    assert int(counting) == 3 and [1, 2, 3, 4][counting] == 4
    with counting as same:
        assert same(1) == 4
