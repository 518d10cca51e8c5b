# attack: constants that are equal, a Counter and a dict
# verdict: untested
from collections import Counter
ONE, TWO = Counter(a=1), {"a": 1}
def count(t): return {"a": 1}
# --- tests ---
from solution import count, ONE, TWO
def test_count():
    assert count("a") == ONE
    assert count("b") == TWO
