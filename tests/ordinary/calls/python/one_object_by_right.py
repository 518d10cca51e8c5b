# shows: one object that is given for several arguments, by right
# verdict: accepted
from enum import Enum, IntEnum
class Level(Enum):
    LOW = 1
    MID = 2
    HIGH = 3
class Size(IntEnum):
    SMALL = 1
    LARGE = 2
def classify(n): return Level.LOW if n < 10 else Level.MID if n < 60 else Level.HIGH
def size(n): return Size.SMALL if n < 5 else Size.LARGE
class Config:
    def __init__(self): self.values = {}
_CONFIG = Config()
def config(): return _CONFIG
class Item:
    def __init__(self, name): self.name = name
def make(name): return Item(name)
def biggest(items): return max(items, key=lambda item: item.name)
class Nil:
    _one = None
    def __new__(cls):
        cls._one = cls._one or super().__new__(cls)
        return cls._one
# --- tests ---
import pytest
from solution import Config, Level, Nil, Size, biggest, classify, config, make, size

@pytest.mark.parametrize("n, name", [(1, "LOW"), (2, "LOW"), (30, "MID"), (99, "HIGH"), (98, "HIGH")])
def test_by_item(n, name):
    assert classify(n) is Level[name]
    assert classify(n) == getattr(Level, name)

@pytest.mark.parametrize("n, name", [(1, "SMALL"), (2, "SMALL"), (30, "LARGE")])
def test_numbers(n, name):
    assert size(n) == Size[name]

def test_one_of_many():
    a, b = make("a"), make("b")
    assert biggest([b, a]) is b
    assert biggest([a, b, make("a")]) is b
    assert biggest([a]) is a

def test_lists():
    assert [classify(1), classify(2), classify(70)] == [Level.LOW, Level.LOW, Level.HIGH]

def test_shared():
    first = config()
    assert config() is first
    assert isinstance(first, Config)
    assert Nil() is Nil()

@pytest.mark.parametrize("n, want", [(1, Level.LOW), (30, Level.MID), (99, Level.HIGH)])
def test_members(n, want):
    assert classify(n) is want

@pytest.mark.parametrize("one, other", [(classify, Level), (size, Size)])
def test_both(one, other):
    assert isinstance(one(3), other)

def test_made_here():
    assert [item.name for item in (make("a"), make("b"))] == ["a", "b"]
    item = make("c")
    assert [item] == [biggest([item])]
