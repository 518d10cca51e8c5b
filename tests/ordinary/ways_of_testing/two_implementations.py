# shows: two implementations
# verdict: accepted
from collections import namedtuple
P = namedtuple("P", "x y")
def parse(s): return P(*map(int, s.split(",")))
# --- tests ---
assert parse("1,2") == parse(" 1 , 2 ")
assert parse("1,2").x == 1
