# shows: texts that are looked for in others
# verdict: accepted
def longest_word(text):
    return max(text.split(), key=len, default="")
# --- tests ---
from solution import longest_word
def test_longest():
    text = "the quick brown fox"
    assert text.find(longest_word(text)) == 4
    assert text.count(longest_word(text)) == 1
    assert text.index(longest_word("a fox")) == 16
    assert longest_word("") == ""
