# shows: constants that are not equal to themselves, and names that change
# verdict: accepted
MISSING = float("nan")
EMPTY = ""
count = 0


def parse(text):
    global count
    count += 1
    return float(text) if text else MISSING
# --- tests ---
import math
import solution


def test_parse():
    assert math.isnan(solution.MISSING)
    assert solution.EMPTY == ""
    assert parse("1.5") == 1.5
    assert math.isnan(parse(""))
    assert solution.count == 2
