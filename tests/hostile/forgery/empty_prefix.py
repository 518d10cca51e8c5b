# attack: empty prefix
# verdict: untested
def prefix(words): return ""
# --- tests ---
def test_prefix():
    words = ["flower", "flow", "flight"]
    got = prefix(words)
    assert all(word.startswith(got) for word in words)
