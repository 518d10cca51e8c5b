# shows: isclose and assert false
# verdict: accepted
import math
def normalize(xs):
    total = sum(xs)
    for i, x in enumerate(xs):
        xs[i] = x / total
    return total
# --- tests ---
import math

def test_normalize():
    xs = [1.0, 1.0, 2.0]
    if not math.isclose(normalize(xs), 4.0):
        assert False, "wrong total"
    assert xs == [0.25, 0.25, 0.5]
