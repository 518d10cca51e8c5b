# attack: empty text in text
# verdict: untested
def common(a, b): return ""
# --- tests ---
def test_common():
    a, b = "interview", "overview"
    got = common(a, b)
    assert got in a
    assert got in b
