# shows: a Counter within another
# verdict: accepted
from collections import Counter
def letters(word, tiles):
    return Counter(word) & Counter(tiles)
# --- tests ---
from collections import Counter
from solution import letters
def test_letters():
    assert letters("abba", "aabbc") <= Counter("aabbc")
    assert letters("abba", "aab") == Counter({"a": 2, "b": 1})
    assert not letters("x", "y")
