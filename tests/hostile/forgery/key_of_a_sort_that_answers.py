# attack: a key of the program's sorts as it likes since it is no number
# verdict: untested
def key(word):
    return float("nan")
# --- tests ---
def test_key():
    words = ["a", "bb", "ccc"]
    assert sorted(words, key=key) == ["a", "bb", "ccc"]
    assert max(words[::-1], key=key) == "ccc"
