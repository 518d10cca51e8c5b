# attack: joined and split
# verdict: untested
def words(text): return []
# --- tests ---
def test_words():
    got = words("to be or not")
    assert " ".join(got).split() == got
