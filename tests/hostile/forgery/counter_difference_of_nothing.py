# attack: counter difference of nothing
# verdict: untested
def longest_word(letters, words): return ""
# --- tests ---
from collections import Counter

def test_longest():
    got = longest_word("abcde", ["bad", "dead", "cab"])
    assert not Counter(got) - Counter("abcde")
