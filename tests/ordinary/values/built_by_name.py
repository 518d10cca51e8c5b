# shows: plain values and tuples that are built by a name with a capital; constants that answers meet
# verdict: accepted
from collections import namedtuple
from typing import NamedTuple, NewType
from collections import Counter
from decimal import Decimal
UserId = NewType("UserId", int)
Pair = tuple
Point = namedtuple("Point", "x y")
class Span(NamedTuple):
    start: int
    end: int = 0
LIMIT = 10
MAXIMUM = 100
class Status:
    ACTIVE = "active"
    BANNED = "banned"
def owner(doc): return UserId(doc["owner"])
def swap(pair): return Pair((pair[1], pair[0]))
def add(a, b): return Point(a.x + b.x, a.y + b.y)
def widen(span, by): return Span(span.start - by, span.end + by)
def price(n): return Decimal(n) * Decimal("1.5")
def letters(text): return Counter(text)
def limit(n=None): return LIMIT if n is None else min(n, MAXIMUM)
def status(user): return Status.BANNED if user.get("banned") else Status.ACTIVE
# --- tests ---
from solution import Counter, Decimal, LIMIT, MAXIMUM, Pair, Point, Span, Status, UserId, add, letters, limit, owner, price, status, swap, widen

def test_built():
    assert owner({"owner": 7}) == UserId(7)
    assert swap(Pair((1, 2))) == Pair((2, 1))
    assert add(Point(1, 2), Point(3, 4)) == Point(4, 6)
    assert widen(Span(5, end=6), 1) == Span(4, 7)

def test_standard():
    assert price(3) == Decimal("4.5")
    assert letters("aba") == Counter("aab")

def test_constants():
    assert limit() == LIMIT
    assert limit(500) == MAXIMUM
    assert limit(MAXIMUM - 1) == 99

def test_attributes():
    assert status({"name": "a"}) == Status.ACTIVE
    assert status({"banned": True}) == Status.BANNED
