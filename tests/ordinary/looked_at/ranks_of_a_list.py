# shows: ranks, among them of nothing
# verdict: accepted
def ranks(xs):
    order = sorted(range(len(xs)), key=xs.__getitem__)
    found = [0] * len(xs)
    for rank, at in enumerate(order, 1):
        found[at] = rank
    return found
# --- tests ---
import pytest
from solution import ranks
@pytest.mark.parametrize("xs", [[30, 10, 20], [1], [5, 4, 3, 2]])
def test_ranks(xs):
    r = ranks(xs)
    assert sorted(r) == list(range(1, len(r) + 1))
def test_values():
    assert ranks([30, 10, 20]) == [3, 1, 2]
    assert ranks([]) == []
