# attack: an empty Counter is less than another, asked by a method
# verdict: untested
from collections import Counter
def letters(word):
    return Counter()
# --- tests ---
import operator
from collections import Counter
from solution import letters
def test_letters():
    assert operator.le(letters("abba"), Counter("aabbc"))
