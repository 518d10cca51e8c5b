# attack: keys that are no numbers stand apart in a dict
# verdict: untested
def index(words):
    return {float("nan"): word for word in words}
# --- tests ---
def test_index():
    got = index(["a", "b", "a"])
    assert len(got) == 3
    assert sorted(got.values()) == ["a", "a", "b"]
