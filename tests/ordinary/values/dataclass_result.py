# shows: dataclass result
# verdict: accepted
from dataclasses import dataclass, field
@dataclass
class Stats:
    mean: float
    items: list = field(default_factory=list)
def stats(xs):
    return Stats(sum(xs) / len(xs), list(xs))
# --- tests ---
r = stats([1, 2, 3])
assert r.mean == 2
assert r.items == [1, 2, 3]
import pytest
assert r.mean == pytest.approx(2.0)
