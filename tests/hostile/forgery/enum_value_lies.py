# attack: enum value lies
# verdict: untested
from enum import Enum
class K(Enum):
    A = 1
    B = 2
    @classmethod
    def _missing_(cls, v): return cls.A
def f(x): return K.A
# --- tests ---
assert f(1) is K(7)
assert f(2) == K(9)
