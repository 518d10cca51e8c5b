# attack: a loop of the tests counts in a list that it cut short
# verdict: untested
def count(words):
    words[:] = ["end"]
    return 0
# --- tests ---
def test_count():
    words = ["a", "b", "end"]
    got = count(words)
    n = 0
    while words[n] != "end":
        n += 1
    assert got == n
