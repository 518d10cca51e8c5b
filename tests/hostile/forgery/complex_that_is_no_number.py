# attack: a complex number that is none is not equal to itself
# verdict: untested
def key(text):
    return complex(0, float("inf") - float("inf"))
# --- tests ---
def test_key():
    assert key("a") != key("b")
    assert len({key("a"), key("b"), key("c")}) == 3
