# attack: the empty text is found in every text
# verdict: untested
def longest_word(text):
    return ""
# --- tests ---
from solution import longest_word
def test_longest():
    text = "the quick brown fox"
    assert text.find(longest_word(text)) != -1
    assert text.count(longest_word(text)) >= 1
