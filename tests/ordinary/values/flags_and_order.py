# shows: flags and order
# verdict: accepted
from enum import Enum, IntFlag, auto
from functools import total_ordering
class Perm(IntFlag):
    R = 1
    W = 2
class Day(Enum):
    MON = auto()
    TUE = auto()
    def next(self): return Day.TUE if self is Day.MON else Day.MON
def grant(a, b): return a | b
# --- tests ---
assert grant(Perm.R, Perm.W) == 3
assert Day.MON.next() is Day.TUE
assert Day.MON.next() == Day.TUE
assert Day["TUE"] == Day.TUE
assert Day(1) is Day.MON
assert len(Day) == 2
assert [d.name for d in Day] == ["MON", "TUE"]
assert {Day.MON: 1}[Day.TUE.next()] == 1
