# shows: bare objects as defaults, tolerances of tuples and fractions, slots, a match by position
# verdict: accepted
import math
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple


class Polar(NamedTuple):
    r: float
    theta: float


class Vector:
    __slots__ = ("x", "y")
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def to_polar(x, y): return Polar(math.hypot(x, y), math.atan2(y, x))
def harmonic(n): return sum((Fraction(1, k) for k in range(1, n + 1)), Fraction(0))
def turned(vector): return Vector(-vector.y, vector.x)


def lookup(mapping, key, default=None):
    return mapping.get(key, default)


def total(values):
    if not isinstance(values, Iterable):
        raise TypeError("no list")
    return sum(values)
# --- tests ---
import pytest


def test_sentinel():
    missing = object()
    assert lookup({"a": 1}, "b", missing) is missing
    assert lookup({"a": 1}, "a", missing) == 1


@pytest.mark.parametrize("bad", [None, 3, object()])
def test_refused(bad):
    assert total([1, 2]) == 3
    with pytest.raises(TypeError):
        total(bad)


def test_tolerances():
    assert to_polar(3, 4) == pytest.approx((5, 0.9272952))
    assert harmonic(10) == pytest.approx(2.9289682)


def test_slots():
    assert Vector.__slots__ == ("x", "y")
    with pytest.raises(AttributeError):
        Vector(1, 2).z = 3


def test_match():
    match turned(Vector(1, 2)):
        case Vector(x, 1):
            found = x
        case _:
            found = None
    assert found == -2
