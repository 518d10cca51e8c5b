# attack: no number is equal to itself
# verdict: untested
def token():
    return float("nan")
# --- tests ---
def test_token():
    a, b, c = token(), token(), token()
    assert a != b
    assert b != c
    assert a != c
