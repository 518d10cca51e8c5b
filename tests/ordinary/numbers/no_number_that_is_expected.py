# shows: no_number_that_is_expected
# verdict: accepted
import math

def mean(xs):
    return sum(xs) / len(xs) if xs else math.nan
# --- tests ---
import math

def test_mean():
    assert mean([1, 2]) == 1.5
    assert math.isnan(mean([]))
