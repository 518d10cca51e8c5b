# attack: namedtuple constant
# verdict: runtime_error
from typing import NamedTuple
class P(NamedTuple):
    x: int = 0
    y: int = 0
    def __new__(cls, *a): return tuple.__new__(cls, (0, 0))
# --- tests ---
assert P(1, 2) == P(3, 4)
